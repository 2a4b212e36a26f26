import "../conversation/composer/menu/menu.css";
import { Button, Dialog, Select, showToast, Switch } from "@rapport/ui";
import { useState } from "react";
import { useCan } from "../account/people";
import { messageOf } from "../client/problem";
import { Preview } from "../conversation/composer/menu/Preview";
import { languages, t } from "../i18n";
import { RichField } from "../settings/parts/RichField";
import { HeadingFields } from "./parts/HeadingFields";
import { PreviewFor } from "./parts/PreviewFor";
import { automation, useAutomationChange, type SnippetDraft } from "./queries";

type SnippetDialogProps = { id: number | null; draft: SnippetDraft; readOnly?: boolean; folders: string[]; onClose: () => void };

/** Writes a snippet, and shows what a customer will read. */
export function SnippetDialog({ id, draft, readOnly, folders, onClose }: SnippetDialogProps) {
  const [fields, setFields] = useState(draft);
  const shares = useCan("automation.share");
  const save = useAutomationChange(automation.saveSnippet, true);
  const set = (patch: Partial<SnippetDraft>) => setFields((now) => ({ ...now, ...patch }));
  const sent = { ...fields, approved: fields.approved && fields.shared };
  const done = () => { showToast({ text: t("action.saved"), seconds: 3 }); onClose(); };
  const preview = <PreviewFor>{(values) => <Preview title={t("automation.preview")} text={fields.text} values={values} approved={sent.approved} />}</PreviewFor>;
  return (
    <Dialog
      wide title={id === null ? t("automation.snippets.new") : draft.name} closeLabel={t("action.close")} onClose={onClose}
      foot={readOnly ? <Button look="primary" onClick={onClose}>{t("action.done")}</Button> : (
        <Button look="primary" busy={save.isPending} disabled={!fields.name.trim() || !fields.text.trim()} onClick={() => save.mutate({ id, draft: sent }, { onSuccess: done })}>{t("action.save")}</Button>
      )}
    >
      {save.error && <p className="bad" role="alert">{messageOf(save.error)}</p>}
      {!readOnly && (
        <>
          <HeadingFields value={fields} folders={folders} onChange={set} />
          {shares && fields.shared && <Switch label={t("automation.approve")} on={fields.approved} onChange={(approved) => set({ approved })} />}
          <Select label={t("automation.language")} value={fields.language} onChange={(event) => set({ language: event.target.value })}>
            <option value="">{t("automation.anyLanguage")}</option>
            {Object.entries(languages).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
          </Select>
          <RichField label={t("automation.text")} hint={t("automation.text.hint", { open: "{{", close: "}}" })} value={draft} onChange={set} />
        </>
      )}
      {preview}
    </Dialog>
  );
}
