import { memory } from "../app/memory";
import type { Address, Attachment, Draft, DraftKind } from "../client/nouns";

export type DraftContent = { text: string; html: string; to: Address[]; cc: Address[]; bcc: Address[]; files: Attachment[];
  /** It goes to who wrote last or to everybody on that mail, whoever that is by now; without it to those named. */
  follows?: "one" | "all" };
export type LocalDraft = DraftContent & { savedAt: string };

const PREFIX = "rapport.draft.";
const keyOf = (conversationId: number | "new", kind: DraftKind) => `${PREFIX}${conversationId}.${kind}`;

/** Drafts kept in this browser, so that a crash or a lost network costs at most a third of a second of typing. */
export const localDrafts = {
  read(conversationId: number | "new", kind: DraftKind): LocalDraft | null {
    try {
      return JSON.parse(localStorage.getItem(keyOf(conversationId, kind)) ?? "null") as LocalDraft | null;
    } catch {
      return null;
    }
  },
  write(conversationId: number | "new", kind: DraftKind, content: DraftContent) {
    localStorage.setItem(keyOf(conversationId, kind), JSON.stringify({ ...content, savedAt: new Date().toISOString() }));
  },
  remove(conversationId: number | "new", kind: DraftKind) {
    localStorage.removeItem(keyOf(conversationId, kind));
  },
};

/** Counts drafts that have come back, by Undo or because they could not be sent, so that the composer opens anew with them. */
export const broughtBack = memory(0);

/** Drafts that came back because something had come in that their writer had not seen: by conversation and kind, up to where they had. */
export const cameBack = memory<Record<string, number>>({});

/** Nothing of a person's work stays behind after signing out. */
export function forgetLocalDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

export function isBlank(content: DraftContent): boolean {
  return content.text.trim() === "" && content.files.length === 0;
}

/** What a draft of the server holds. */
export function contentOf(draft: Draft): DraftContent {
  return { text: draft.text, html: draft.html, to: draft.to ?? [], cc: draft.cc ?? [], bcc: draft.bcc ?? [], files: draft.attachments ?? [], ...(draft.follows && { follows: draft.follows }) };
}
