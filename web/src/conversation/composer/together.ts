import { isBlank, type DraftContent } from "../localDrafts";
import { htmlOf } from "./plainText";

/** What could not be sent, before what has been typed meanwhile. */
export function together(unsent: DraftContent, now: DraftContent): DraftContent {
  if (isBlank(now)) return unsent;
  const html = unsent.html || now.html ? `${unsent.html || htmlOf(unsent.text)}${now.html || htmlOf(now.text)}` : "";
  return { ...now, text: `${unsent.text}\n\n${now.text}`, html, files: [...unsent.files, ...now.files] };
}
