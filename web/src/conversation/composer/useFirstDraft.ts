import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversationDetail, Draft, DraftKind, Message } from "../../client/nouns";
import { useInboxes } from "../../settings/queries";
import { contentOf, localDrafts, type DraftContent, type LocalDraft } from "../localDrafts";
import { draftQuery } from "../queries";
import { replyRecipients, type Recipients } from "./recipients";

/** What the composer opens with: the newer of the draft kept here and the one on the server, else an empty reply. Null while asking. */
export function useFirstDraft(conversation: ConversationDetail, kind: DraftKind, messages: Message[], all: boolean): DraftContent | null {
  const { id } = conversation;
  const inboxes = useInboxes();
  const [local] = useState(() => localDrafts.read(id, kind));
  const [asks] = useState(conversation.draft || local !== null);
  const server = useQuery({ ...draftQuery(id, kind), enabled: asks });
  const [first, setFirst] = useState<DraftContent | null>(null);
  if (first) return first;
  if ((asks && server.isFetching) || messages.length === 0) return null;
  const mail = kind === "reply" && conversation.channel !== "chat";
  const blank: DraftContent = { text: "", html: "", to: [], cc: [], bcc: [], files: [], ...(mail && { follows: all ? "all" : "one" }) };
  const next = following(newer(local, (asks && server.data) || null) ?? blank, (everybody) => replyRecipients(conversation, messages, inboxes, everybody));
  setFirst(next);
  return next;
}

/** A draft whose recipients nobody has chosen by hand goes to those of now: who is the customer may have turned out meanwhile. */
export function following(draft: DraftContent, recipientsOf: (all: boolean) => Recipients): DraftContent {
  return draft.follows ? { ...draft, ...recipientsOf(draft.follows === "all") } : draft;
}

/** The newer of two drafts. The addresses of files end after some hours, so those the server gives now win over those kept here. */
export function newer(local: LocalDraft | null, server: Draft | null): DraftContent | null {
  if (local && (!server || local.savedAt >= server.updated_at)) return { ...local, files: local.files.map((file) => server?.attachments?.find(({ id }) => id === file.id) ?? file) };
  if (!server || server.version === 0) return null;
  return contentOf(server);
}
