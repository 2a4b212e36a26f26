import { fullHex, isColour } from "@rapport/ui/brand";
import type { Form, FormField, Inbox, NewForm } from "../../client/nouns";
import { rulesOf, type Rules } from "../parts/RulesCard";

export type FieldType = FormField["type"];
/** A field as one edits it. `id` stays with it when it moves; each answer to choose from is a line of `options`. */
export type FieldDraft = { id: number; key: string; label: string; type: FieldType; required: boolean; options: string; hint: string };
export type FormDraft = { name: string; title: string; intro: string; language: Form["language"]; thanks: string; brand: string; allowed_origins: string[]; mail_inbox_id: number | null; fields: FieldDraft[] };
export type SetForm = (patch: Partial<FormDraft>) => void;

export const fieldTypes: FieldType[] = ["text", "textarea", "email", "phone", "select", "checkbox", "number", "date", "file"];

/** What a form asks that nobody has changed yet: as the server has it. */
const firstFields: FormField[] = [
  { key: "name", type: "text" }, { key: "email", type: "email", required: true }, { key: "subject", type: "text" }, { key: "message", type: "textarea", required: true }, { key: "file", type: "file" },
];

/** Fields whose label the form knows in the reader's language. */
export const knownKeys = ["name", "email", "phone", "subject", "message", "order", "file"] as const;
export type KnownKey = (typeof knownKeys)[number];
export const isKnown = (key: string): key is KnownKey => (knownKeys as readonly string[]).includes(key);

let lastId = 0;
const draftOf = (field: FormField): FieldDraft => ({
  id: ++lastId, key: field.key, label: field.label ?? "", type: field.type, required: field.required ?? false, options: (field.options ?? []).join("\n"), hint: field.hint ?? "",
});

export function formOf(inbox: Inbox | undefined): FormDraft {
  const form = inbox?.form;
  return {
    name: inbox?.name ?? "", title: form?.title ?? "", intro: form?.intro ?? "", language: form?.language ?? "auto", thanks: form?.thanks ?? "", brand: form?.brand ?? "",
    allowed_origins: form?.allowed_origins ?? [], mail_inbox_id: form?.mail_inbox_id ?? null, fields: (form?.fields ?? firstFields).map(draftOf),
  };
}

/** What the API wants to hear. */
export function settingsOf({ name: _, fields, brand, ...form }: FormDraft): NewForm {
  return { ...form, brand: isColour(brand) ? fullHex(brand) : "", fields: fields.map(fieldOf) };
}

function fieldOf({ key, label, type, required, options, hint }: FieldDraft): FormField {
  const answers = options.split("\n").map((line) => line.trim()).filter(Boolean);
  return { key, label: label.trim(), type, required, hint: hint.trim(), ...(type === "select" ? { options: answers } : {}) };
}

/** Whether there is something to save. */
export function differs(form: FormDraft, rules: Rules, inbox: Inbox): boolean {
  const saved = formOf(inbox);
  return form.name !== saved.name || JSON.stringify(settingsOf(form)) !== JSON.stringify(settingsOf(saved)) || JSON.stringify(rules) !== JSON.stringify(rulesOf(inbox));
}

/** A new field at the end. The first of its kind gets a key whose label the form knows by itself. */
export function withField(fields: FieldDraft[], type: FieldType): FieldDraft[] {
  const taken = new Set(fields.map((field) => field.key));
  const known = ({ email: "email", phone: "phone", file: "file" } as Partial<Record<FieldType, string>>)[type];
  let key = known && !taken.has(known) ? known : "";
  for (let n = 1; !key; n++) if (!taken.has(`${type}_${n}`)) key = `${type}_${n}`;
  return [...fields, draftOf({ key, type })];
}

/** The fields with one of them a step up or down; the same list when it cannot go there. */
export function moved(fields: FieldDraft[], id: number, step: -1 | 1): FieldDraft[] {
  const from = fields.findIndex((field) => field.id === id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= fields.length) return fields;
  const next = [...fields];
  [next[from], next[to]] = [next[to]!, next[from]!];
  return next;
}

/** Why a form cannot be saved yet, before the server is asked. */
export type FormTrouble = "name" | "address" | "label" | "options" | "brand";

export function troubleOf(form: FormDraft): FormTrouble | null {
  if (!form.name.trim()) return "name";
  if (!form.fields.some((field) => field.type === "email" && field.required)) return "address";
  if (form.fields.some((field) => !field.label.trim() && !isKnown(field.key))) return "label";
  if (form.fields.some((field) => field.type === "select" && !field.options.trim())) return "options";
  return form.brand !== "" && !isColour(form.brand) ? "brand" : null;
}

/** Where the form is, and what to paste into a page: a frame that asks for no script, and a link for whoever sees no frame. */
export const linkOf = (origin: string, key: string) => `${origin}/forms/${key}`;

export function embedOf(origin: string, key: string, title: string): string {
  const link = linkOf(origin, key);
  const said = title.replace(/[&<>"]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter]!);
  return `<iframe src="${link}?embed=1" title="${said}" loading="lazy" style="width:100%;height:860px;border:0"></iframe>\n<p><a href="${link}">${said}</a></p>`;
}
