import { Switch, TextField } from "@rapport/ui";
import { useId } from "react";
import { useCan } from "../../account/people";
import { t } from "../../i18n";

type Heading = { name: string; folder: string; shared: boolean };

/** What snippets and macros have in common: a name, a folder, and who sees them. */
export function HeadingFields({ value, folders, onChange }: { value: Heading; folders: string[]; onChange: (patch: Partial<Heading>) => void }) {
  const id = useId();
  const shares = useCan("automation.share");
  return (
    <>
      <div className="pair">
        <TextField label={t("field.name")} value={value.name} maxLength={80} data-first onChange={(event) => onChange({ name: event.target.value })} />
        <TextField label={t("automation.folder")} value={value.folder} maxLength={60} list={id} autoComplete="off" onChange={(event) => onChange({ folder: event.target.value })} />
        <datalist id={id}>{folders.map((folder) => <option key={folder} value={folder} />)}</datalist>
      </div>
      {shares && <Switch label={t("automation.shared")} on={value.shared} onChange={(shared) => onChange({ shared })} />}
    </>
  );
}
