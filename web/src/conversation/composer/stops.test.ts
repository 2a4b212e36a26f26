import { expect, it } from "vitest";
import type { DraftContent } from "../localDrafts";
import { stopFor, type Stop } from "./stops";

const draft = (text: string, change: Partial<DraftContent> = {}): DraftContent => ({ text, html: "", to: [], cc: [], bcc: [], files: [], ...change });
const file = { id: 1, name: "a.pdf", content_type: "application/pdf", size: 1, url: "" };
const crowd = Array.from({ length: 11 }, (_, n) => ({ address: `a${n}@x.example` }));
const values = { "customer.first_name": "Ewa", "inbox.name": "" };

it.each<[string, "reply" | "note", DraftContent, Stop[], Stop | null]>([
  ["a file that is spoken of", "reply", draft("Please see the attached invoice."), [], "attachment"],
  ["the same, asked once", "reply", draft("Please see the attached invoice."), ["attachment"], null],
  ["a file that is there", "reply", draft("see attached", { files: [file] }), [], null],
  ["nothing in particular", "reply", draft("hello"), [], null],
  ["a crowd", "reply", draft("hello", { to: crowd }), [], "many"],
  ["a crowd, then the file", "reply", draft("see attached", { to: crowd }), ["many"], "attachment"],
  ["a note", "note", draft("the attached invoice {{customer.shoe}}", { to: crowd }), [], null],
  ["a variable with a value", "reply", draft("Dear {{customer.first_name}}"), [], null],
  ["a variable that is empty here", "reply", draft("From {{inbox.name}}"), [], "variables"],
  ["the same with words for that", "reply", draft("From {{inbox.name|us}}"), [], null],
  ["a variable nobody knows, whatever was answered", "reply", draft("{{customer.shoe}}"), ["many", "attachment", "variables"], "variables"],
  ["one in the looks alone", "reply", draft("x", { html: "<p><b>{{customer.shoe}}</b></p>" }), [], "variables"],
])("%s", (_, kind, content, answered, stop) => expect(stopFor(kind, content, values, new Set(answered))).toBe(stop));
