import type { Attachment } from "../../client/nouns";

/** What mail programs show in a text, and how large it may be to stand there; anything else is attached. */
const SHOWN = /^image\/(png|jpeg|gif|webp)$/;
export const SHOWN_TYPES = "image/png,image/jpeg,image/gif,image/webp";
const LARGEST = 5 << 20;

export const standsInText = (file: File, largest = LARGEST) => SHOWN.test(file.type) && file.size <= largest;

/** The server's name of a picture that stands in the text. */
const nameOf = (id: number) => `file-${id}@rapport`;
const named = /src="cid:file-(\d+)@rapport"/g;

/** The files that stand in a text. */
export function picturesIn(html: string): Set<number> {
  return new Set([...html.matchAll(named)].map((match) => Number(match[1])));
}

/**
 * The files of a message once its text has changed: a picture goes and comes back with its place in the text, as undo and redo move it.
 * What was attached beside the text stays.
 */
export function filesWith(html: string, files: Attachment[], known: Map<number, Attachment>): Attachment[] {
  const inText = picturesIn(html);
  const kept = files.filter((file) => !known.has(file.id) || inText.has(file.id));
  const back = [...inText].flatMap((id) => (files.some((file) => file.id === id) ? [] : (known.get(id) ?? [])));
  return back.length === 0 && kept.length === files.length ? files : [...kept, ...back];
}

/** HTML as the server has it, as a page of ours can show it. */
export const forFrame = (html: string, urlOf: (id: number) => string | undefined) => html.replaceAll(named, (_, id: string) => `src="${(urlOf(Number(id)) ?? "").replaceAll("&", "&amp;")}"`);

/** HTML as the server has it, and as the editor does: a browser must not try to load "cid:". */
export const forEditor = (html: string) => html.replaceAll(named, 'data-picture="$1"');
export const fromEditor = (html: string) => html.replaceAll(/data-picture="(\d+)"/g, (_, id: string) => `src="cid:${nameOf(Number(id))}"`);
