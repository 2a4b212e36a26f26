import { Checkbox, IconButton, Select, TextArea, TextField } from "@rapport/ui";
import { useState, type KeyboardEvent } from "react";
import { t } from "../../../i18n";
import { fieldTypes, isKnown, type FieldDraft, type FieldType } from "../formDraft";

type FieldRowProps = {
  field: FieldDraft; isFirst: boolean; isLast: boolean; about: (part: string) => string | null;
  onChange: (patch: Partial<FieldDraft>) => void; onMove: (step: -1 | 1) => void; onRemove: () => void;
};

/** One thing the form asks. */
export function FieldRow({ field, isFirst, isLast, about, onChange, onMove, onRemove }: FieldRowProps) {
  const [hasHint, setHint] = useState(field.hint !== "");
  const known = isKnown(field.key) ? t(`form.known.${field.key}`) : "";
  const name = field.label.trim() || known || t(`form.type.${field.type}`);
  function moveByKey(event: KeyboardEvent) {
    const step = event.altKey && !event.ctrlKey && !event.metaKey ? ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key] : undefined;
    if (!step) return;
    event.preventDefault();
    onMove(step);
  }
  return (
    <li tabIndex={-1} aria-label={name} onKeyDown={moveByKey}>
      <div className="form-field-head">
        <TextField label={t("form.field.label")} placeholder={known} maxLength={120} value={field.label} wrong={about("label")} onChange={(event) => onChange({ label: event.target.value })} />
        <Select label={t("form.field.type")} value={field.type} onChange={(event) => onChange({ type: event.target.value as FieldType })}>
          {fieldTypes.map((type) => <option key={type} value={type}>{t(`form.type.${type}`)}</option>)}
        </Select>
        <div className="form-field-tools">
          <IconButton className="turned" icon="down" label={t("form.field.up", { name })} keys="Alt ↑" disabled={isFirst} onClick={() => onMove(-1)} />
          <IconButton icon="down" label={t("form.field.down", { name })} keys="Alt ↓" disabled={isLast} onClick={() => onMove(1)} />
          <IconButton icon="x" label={t("form.field.remove", { name })} onClick={onRemove} />
        </div>
      </div>
      {field.type === "select" && (
        <TextArea label={t("form.field.options")} hint={t("form.field.options.hint")} rows={3} value={field.options} wrong={about("options")} onChange={(event) => onChange({ options: event.target.value })} />
      )}
      {hasHint && <TextField label={t("form.field.hint")} maxLength={300} value={field.hint} wrong={about("hint")} onChange={(event) => onChange({ hint: event.target.value })} />}
      <div className="form-field-more">
        <Checkbox label={t("form.field.required")} checked={field.required} onChange={(event) => onChange({ required: event.target.checked })} />
        <Checkbox label={t("form.field.withHint")} checked={hasHint} onChange={(event) => { setHint(event.target.checked); if (!event.target.checked) onChange({ hint: "" }); }} />
      </div>
    </li>
  );
}
