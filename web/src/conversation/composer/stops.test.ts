import { expect, it } from "vitest";
import type { DraftContent } from "../localDrafts";
import { stopFor } from "./stops";

const draft = (text: string, change: Partial<DraftContent> = {}): DraftContent => ({ text, html: "", to: [], cc: [], bcc: [], files: [], ...change });
const file = { id: 1, name: "a.pdf", content_type: "application/pdf", size: 1, url: "" };
const crowd = Array.from({ length: 11 }, (_, n) => ({ address: `a${n}@x.example` }));

it.each([
  ["reply", draft("Please see the attached invoice."), "attachment"],
  ["reply", draft("W załączeniu faktura"), "attachment"],
  ["reply", draft("파일을 첨부합니다"), "attachment"],
  ["reply", draft("see attached", { files: [file] }), null],
  ["reply", draft("hello"), null],
  ["reply", draft("hello", { to: crowd }), "many"],
  ["note", draft("the attached invoice", { to: crowd }), null],
] as const)("%s %o is stopped by %s", (kind, content, stop) => expect(stopFor(kind, content)).toBe(stop));
