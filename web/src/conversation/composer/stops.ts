import type { DraftKind } from "../../client/nouns";
import type { DraftContent } from "../localDrafts";

/** A reason to ask before sending. */
export type Stop = "unseen" | "attachment" | "many";

const MANY = 10;
const attachmentWords = /\b(attached|attachment|attaching|enclosed)\b|załącz|w załączeniu|첨부/i;

/** What should be asked before this goes out, if anything. Notes go nowhere, so only mail is looked at. */
export function stopFor(kind: DraftKind, content: DraftContent): Stop | null {
  if (kind !== "reply") return null;
  if (content.to.length + content.cc.length + content.bcc.length > MANY) return "many";
  if (content.files.length === 0 && attachmentWords.test(content.text)) return "attachment";
  return null;
}
