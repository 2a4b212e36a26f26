import { Button, IconButton } from "@rapport/ui";
import { useEffect, useRef } from "react";
import { t } from "../../i18n";
import { fields, fieldsOf, lineOf, newLine, type Field, type Line, type Relation } from "../content";
import { Values } from "./Values";

type GroupProps = { group: "all" | "any"; lines: Line[]; onChange: (lines: Line[]) => void };

const MOST = 20;

/** Conditions that must all hold, or of which one must: a sentence each. */
export function LineGroup({ group, lines, onChange }: GroupProps) {
  const box = useRef<HTMLFieldSetElement>(null);
  const added = useRef(false);
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    box.current?.querySelector<HTMLElement>("li:last-child select")?.focus();
  }, [lines.length]);
  function add() {
    added.current = true;
    const used = new Set(lines.map((line) => line.field));
    onChange([...lines, newLine(fieldsOf(group).find((field) => !used.has(field)))]);
  }
  function remove(line: Line) {
    onChange(lines.filter((each) => each.id !== line.id));
    box.current?.querySelector<HTMLElement>(".view-add")?.focus();
  }
  return (
    <fieldset className="view-lines" ref={box}>
      <legend className="label">{t(`saved.${group}`)}</legend>
      <ol>
        {lines.map((line, at) => (
          <LineRow key={line.id} group={group} line={line} at={at} onChange={(next) => onChange(lines.map((each) => (each.id === line.id ? next : each)))} onRemove={() => remove(line)} />
        ))}
      </ol>
      {lines.length < MOST && <Button className="view-add" look="bare" size="compact" icon="plus" onClick={add}>{t(group === "all" ? "saved.addAll" : "saved.addAny")}</Button>}
    </fieldset>
  );
}

type RowProps = { group: "all" | "any"; line: Line; at: number; onChange: (line: Line) => void; onRemove: () => void };

function LineRow({ group, line, at, onChange, onRemove }: RowProps) {
  const { relations } = fields[line.field];
  const offered = fieldsOf(group).filter((field) => field !== "customer" || line.field === "customer"); // one customer is chosen over the API alone
  return (
    <li className="view-line">
      <select className="input" aria-label={t("saved.field", { n: at + 1 })} value={line.field} onChange={(event) => onChange({ ...lineOf(newLine(event.target.value as Field)), id: line.id })}>
        {offered.map((field) => <option key={field} value={field}>{t(`saved.field.${field}`)}</option>)}
      </select>
      {relations.length > 1 && (
        <select className="input" aria-label={t("saved.relation", { n: at + 1 })} value={line.relation} onChange={(event) => onChange({ ...line, relation: event.target.value as Relation })}>
          {relations.map((relation) => <option key={relation} value={relation}>{t(`saved.relation.${relation}`)}</option>)}
        </select>
      )}
      <Values line={line} label={t("saved.value", { n: at + 1 })} onChange={(values) => onChange({ ...line, values })} />
      <IconButton small icon="x" label={t("saved.removeLine", { n: at + 1 })} onClick={onRemove} />
    </li>
  );
}
