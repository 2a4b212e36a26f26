import { describe, expect, it } from "vitest";
import type { Inbox } from "../../client/nouns";
import { differs, embedOf, formOf, moved, settingsOf, troubleOf, withField } from "./formDraft";
import { rulesOf } from "../parts/RulesCard";

const saved = {
  id: 7, name: "Write to us", channel: "form", reply_status: "pending", reopen_days: 14, signature: "",
  form: {
    form_key: "fm_x", title: "", intro: "", language: "auto", thanks: "", brand: "#0b6470", allowed_origins: ["https://shop.example"], mail_inbox_id: null,
    fields: [{ key: "email", type: "email", required: true }, { key: "dog", label: "Your dog", type: "select", options: ["Puppy", "Senior"] }],
  },
} as unknown as Inbox;

describe("the draft of a form", () => {
  it("is what was saved until it is changed", () => {
    const form = formOf(saved);
    expect(differs(form, rulesOf(saved), saved)).toBe(false);
    expect(differs({ ...form, title: "Hello" }, rulesOf(saved), saved)).toBe(true);
    expect(differs({ ...form, fields: moved(form.fields, form.fields[0]!.id, 1) }, rulesOf(saved), saved)).toBe(true);
    expect(settingsOf(form).fields![1]).toMatchObject({ key: "dog", options: ["Puppy", "Senior"] });
  });
  it("begins with fields that need no writing", () => {
    const form = formOf(undefined);
    expect(form.fields.map((field) => field.key)).toEqual(["name", "email", "subject", "message", "file"]);
    expect(troubleOf({ ...form, name: "Shop" })).toBe(null);
  });
  it("takes one answer a line", () => {
    const form = formOf(saved);
    form.fields[1]!.options = " Puppy \n\n Grown up\n";
    expect(settingsOf(form).fields![1]!.options).toEqual(["Puppy", "Grown up"]);
  });
});

describe("fields", () => {
  it("move one step and stay inside the list", () => {
    const fields = formOf(undefined).fields;
    const [first, second] = fields;
    expect(moved(fields, second!.id, -1).map((field) => field.key).slice(0, 2)).toEqual(["email", "name"]);
    expect(moved(fields, first!.id, -1)).toBe(fields);
    expect(moved(fields, fields.at(-1)!.id, 1)).toBe(fields);
  });
  it("get a key of their own", () => {
    let fields = formOf(undefined).fields;
    for (const type of ["phone", "phone", "text", "text", "file"] as const) fields = withField(fields, type);
    expect(fields.slice(5).map((field) => field.key)).toEqual(["phone", "phone_1", "text_1", "text_2", "file_1"]);
    expect(new Set(fields.map((field) => field.id)).size).toBe(fields.length);
  });
});

describe("what is missing", () => {
  const form = { ...formOf(saved), name: "Shop" };
  const change = (patch: object) => form.fields.map((field) => ({ ...field, ...patch }));
  it.each([
    ["nothing", form, null],
    ["a name", { ...form, name: " " }, "name"],
    ["an address to answer to", { ...form, fields: change({ required: false }) }, "address"],
    ["a label", { ...form, fields: change({ label: "" }) }, "label"],
    ["answers to choose from", { ...form, fields: change({ options: " \n" }) }, "options"],
    ["a colour", { ...form, brand: "teal" }, "brand"],
  ] as const)("%s", (_, draft, trouble) => expect(troubleOf(draft as typeof form)).toBe(trouble));
});

it("embeds without a script, whatever the title is", () => {
  expect(embedOf("https://desk.example", "fm_x", 'Write "to" <us> & Co')).toBe(
    '<iframe src="https://desk.example/forms/fm_x?embed=1" title="Write &quot;to&quot; &lt;us&gt; &amp; Co" loading="lazy" style="width:100%;height:860px;border:0"></iframe>\n' +
      '<p><a href="https://desk.example/forms/fm_x">Write &quot;to&quot; &lt;us&gt; &amp; Co</a></p>',
  );
});
