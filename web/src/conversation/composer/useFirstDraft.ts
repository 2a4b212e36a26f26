import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversationDetail, Draft, DraftKind, Message } from "../../client/nouns";
import { useInboxes } from "../../settings/queries";
import { localDrafts, type DraftContent, type LocalDraft } from "../localDrafts";
import { draftQuery } from "../queries";
import { replyRecipients } from "./recipients";

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
  const blank = { text: "", html: "", files: [], ...(kind === "reply" && conversation.channel !== "chat" ? replyRecipients(conversation, messages, inboxes, all) : { to: [], cc: [], bcc: [] }) };
  const next = newer(local, (asks && server.data) || null) ?? blank;
  setFirst(next);
  return next;
}

/** The newer of two drafts. The addresses of files end after some hours, so those the server gives now win over those kept here. */
export function newer(local: LocalDraft | null, server: Draft | null): DraftContent | null {
  if (local && (!server || local.savedAt >= server.updated_at)) return { ...local, files: local.files.map((file) => server?.attachments?.find(({ id }) => id === file.id) ?? file) };
  if (!server || server.version === 0) return null;
  return { text: server.text, html: server.html, to: server.to ?? [], cc: server.cc ?? [], bcc: server.bcc ?? [], files: server.attachments ?? [] };
}
