import { api } from "../client/fetch";
import type { ConversationDetail, VisitorFrame } from "../client/nouns";
import { withWaiting } from "./pending";

type Heard = Omit<VisitorFrame, "type" | "conversation_id">;

const heard = new Map<number, { at: number; now: Heard }>();

/** Remembers the newest word about the visitor of a chat. */
export function rememberVisitor(id: number, now: Heard) {
  heard.set(id, { at: performance.now(), now });
}

/** An answer that was on its way while something was heard of the visitor is older than what was heard. */
export function withVisitor(conversation: ConversationDetail, askedAt: number): ConversationDetail {
  const newest = heard.get(conversation.id);
  if (!conversation.chat || !newest || newest.at < askedAt) return conversation;
  const { delivered_position, seen_position } = conversation.chat;
  const marks = { delivered_position: Math.max(delivered_position, newest.now.delivered_position), seen_position: Math.max(seen_position, newest.now.seen_position) };
  return { ...conversation, chat: { ...conversation.chat, ...newest.now, ...marks } };
}

export async function readConversation(id: number, signal?: AbortSignal): Promise<ConversationDetail> {
  const askedAt = performance.now();
  return withWaiting(withVisitor(await api.get<ConversationDetail>(`/conversations/${id}`, {}, signal), askedAt), askedAt);
}
