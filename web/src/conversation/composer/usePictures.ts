import { useState } from "react";
import type { Attachment } from "../../client/nouns";
import type { DraftContent } from "../localDrafts";
import type { Pictures, Written } from "./Editor";
import { filesWith, picturesIn } from "./pictures";

type Add = (files: File[], also: (file: Attachment) => void) => void;

/** The pictures in a text, also those that undo may bring back: how they come in, where they are to be seen, and what a change of the text does to the files. */
export function usePictures(content: DraftContent, add: Add): Pictures & { after: (written: Written, now: DraftContent) => Partial<DraftContent> } {
  const [known] = useState(() => new Map<number, Attachment>());
  for (const file of content.files) if (picturesIn(content.html).has(file.id)) known.set(file.id, file);
  return {
    urlOf: (id) => known.get(id)?.url,
    add: (files, place) => add(files, (file) => { known.set(file.id, file); place(file); }),
    after: (written, now) => ({ ...written, files: filesWith(written.html, now.files, known) }),
  };
}

/** The files that hang below the text. */
export const belowText = ({ html, files }: DraftContent) => files.filter((file) => !picturesIn(html).has(file.id));
