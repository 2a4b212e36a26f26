import { Icon, Picker, type Choice } from "@rapport/ui";
import { useState } from "react";
import { t } from "../../i18n";
import { fields, type Line } from "../content";
import { useValueChoices } from "./useValueChoices";

type ValuesProps = { line: Line; label: string; onChange: (values: string[]) => void };

/** What a condition compares with. */
export function Values(props: ValuesProps) {
  const { kind, single } = fields[props.line.field];
  if (kind === "words") return <input className="input view-value" dir="auto" aria-label={props.label} maxLength={100} value={props.line.values[0] ?? ""} onChange={(event) => props.onChange([event.target.value])} />;
  if (kind === "span") return <Span {...props} />;
  return single ? <One {...props} /> : <Several {...props} />;
}

function One({ line, label, onChange }: ValuesProps) {
  const choices = useValueChoices(line);
  return (
    <select className="input view-value" aria-label={label} value={line.values[0]} onChange={(event) => onChange([event.target.value])}>
      {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
    </select>
  );
}

/** A time such as 4 hours or 3 days. */
function Span({ line, label, onChange }: ValuesProps) {
  const value = line.values[0] ?? "";
  const unit = value.endsWith("d") ? "d" : "h";
  const digits = value.replace(/\D/g, "");
  const put = (n: string, in_: string) => onChange([Number(n) > 0 ? `${Number(n)}${in_}` : ""]);
  return (
    <span className="view-value view-span">
      <input className="input" type="number" inputMode="numeric" min={1} max={9999} aria-label={label} value={digits} onChange={(event) => put(event.target.value.slice(0, 4), unit)} />
      <select className="input" aria-label={t("saved.unit")} value={unit} onChange={(event) => put(digits, event.target.value)}>
        <option value="h">{t("saved.unit.h", { n: Number(digits) })}</option>
        <option value="d">{t("saved.unit.d", { n: Number(digits) })}</option>
      </select>
    </span>
  );
}

/** Any number of things from a list; choosing one again takes it away. */
function Several({ line, label, onChange }: ValuesProps) {
  const [open, setOpen] = useState(false);
  const choices = useValueChoices(line);
  const nameOf = (value: string) => choices.find((choice) => choice.value === value)?.label ?? (line.field === "tag" ? value : t("saved.unknown"));
  const shown = line.values.map(nameOf);
  const toggle = (value: string) => onChange(line.values.includes(value) ? line.values.filter((each) => each !== value) : [...line.values, value]);
  const create = line.field === "tag" ? (typed: string): Choice => ({ value: typed, label: typed }) : undefined;
  return (
    <Picker
      label={label} placeholder={t("saved.choose")} nothing={t("command.nothing")} choices={choices} chosen={line.values} open={open} onOpen={setOpen} onPick={toggle} {...(create && { create })}
      trigger={
        <button type="button" className="input view-value view-pick" aria-label={`${label}: ${shown.join(", ") || t("saved.choose")}`} title={shown.join(", ")}>
          <span className={shown.length ? "cut" : "cut quiet"} dir="auto">{shown.join(t("saved.or")) || t("saved.choose")}</span>
          <Icon name="down" size={12} />
        </button>
      }
    />
  );
}
