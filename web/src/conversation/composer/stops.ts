import type { DraftKind } from "../../client/nouns";
import type { Values } from "../../settings/mail/template";
import type { DraftContent } from "../localDrafts";
import { mentionsFile } from "./attachmentWords";
import { openIn } from "./variables";

/** A reason to ask before sending. */
export type Stop = "unseen" | "attachment" | "many" | "variables" | "check";

const MANY = 10;

/** What should be asked before this goes out, if anything. Notes go nowhere, so only what a customer reads is looked at. */
export function stopFor(kind: DraftKind, content: DraftContent, values: Values, answered: ReadonlySet<Stop> = new Set()): Stop | null {
  if (kind !== "reply") return null;
  if (openIn(`${content.text} ${content.html}`, values).length > 0) return "variables"; // the server refuses it, so nobody is asked
  if (!answered.has("many") && content.to.length + content.cc.length + content.bcc.length > MANY) return "many";
  if (!answered.has("attachment") && content.files.length === 0 && mentionsFile(content.text)) return "attachment";
  return null;
}
