import { Button, Card, Menu, MenuItem } from "@rapport/ui";
import { useRef } from "react";
import { t } from "../../../i18n";
import { fieldTypes, moved, withField, type FieldDraft, type FormDraft, type SetForm } from "../formDraft";
import { FieldRow } from "./FieldRow";

/** What the form asks, in order. Everything works by keys: Alt with the arrows moves the field one is in. */
export function FieldsCard({ form, about, set }: { form: FormDraft; about: (at: number, part: string) => string | null; set: SetForm }) {
  const list = useRef<HTMLUListElement>(null);
  const { fields } = form;
  const change = (id: number, patch: Partial<FieldDraft>) => set({ fields: fields.map((field) => (field.id === id ? { ...field, ...patch } : field)) });
  function move(id: number, step: -1 | 1) {
    set({ fields: moved(fields, id, step) });
    // The browser takes the focus from an element that is moved in the page.
    const held = document.activeElement as HTMLElement | null;
    requestAnimationFrame(() => held?.isConnected && held.focus());
  }
  function remove(id: number) {
    const at = fields.findIndex((field) => field.id === id);
    set({ fields: fields.filter((field) => field.id !== id) });
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>(":scope > li")[Math.min(at, fields.length - 2)]?.focus());
  }
  function add(type: FieldDraft["type"]) {
    set({ fields: withField(fields, type) });
    window.setTimeout(() => list.current?.querySelector<HTMLElement>(":scope > li:last-child input")?.focus(), 50); // after the menu has given the focus back
  }
  return (
    <Card title={t("form.fields")} end={<span className="quiet small">{t("form.fields.keys")}</span>}>
      <ul className="form-fields" ref={list}>
        {fields.map((field, at) => (
          <FieldRow
            key={field.id} field={field} isFirst={at === 0} isLast={at === fields.length - 1} about={(part) => about(at, part)}
            onChange={(patch) => change(field.id, patch)} onMove={(step) => move(field.id, step)} onRemove={() => remove(field.id)}
          />
        ))}
      </ul>
      <div className="form-fields-end">
        <Menu align="start" trigger={<Button icon="plus">{t("form.fields.add")}</Button>}>
          {fieldTypes.map((type) => <MenuItem key={type} onSelect={() => add(type)}>{t(`form.type.${type}`)}</MenuItem>)}
        </Menu>
      </div>
    </Card>
  );
}
