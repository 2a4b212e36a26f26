import type { QueryClient } from "@tanstack/react-query";
import type { Conversation, ConversationDetail, Message, Visitor } from "../client/nouns";
import { nameOf } from "../app/kept";
import { onShelf } from "../client/store";
import { conversationKeys, flatMessages, type ListData, type MessagesData } from "./queries";

/** Changes a conversation wherever it is shown. Rows keep their place: nothing moves by itself. */
export function patchConversation(client: QueryClient, id: number, patch: Partial<Conversation>) {
  client.setQueryData<ConversationDetail>(conversationKeys.detail(id), (old) => old && { ...old, ...patch });
  client.setQueriesData<ListData>({ queryKey: conversationKeys.lists }, (old) => {
    if (!old?.pages.some((page) => page.items.some((item) => item.id === id))) return old;
    return { ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.map((item) => (item.id === id ? { ...item, ...patch } : item)) })) };
  });
}

/** Changes what is known of the visitor of a chat that is on screen. Marks never go back. */
export function patchVisitor(client: QueryClient, id: number, now: Partial<Visitor>) {
  client.setQueryData<ConversationDetail>(conversationKeys.detail(id), (old) => {
    if (!old?.chat) return old;
    const { delivered_position, seen_position } = old.chat;
    const marks = { delivered_position: Math.max(delivered_position, now.delivered_position ?? 0), seen_position: Math.max(seen_position, now.seen_position ?? 0) };
    return { ...old, chat: { ...old.chat, ...now, ...marks } };
  });
}

export function findConversation(client: QueryClient, id: number): Conversation | undefined {
  const detail = client.getQueryData<ConversationDetail>(conversationKeys.detail(id));
  if (detail) return detail;
  for (const [, data] of client.getQueriesData<ListData>({ queryKey: conversationKeys.lists })) {
    const found = data?.pages.flatMap((page) => page.items).find((item) => item.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Takes a conversation out of every list: it was deleted, or has left my sight. */
export function dropConversation(client: QueryClient, id: number) {
  void onShelf("kept", "readwrite", (shelf) => ["detail", "messages", "history"].forEach((what) => shelf.delete(nameOf(2, ["conversation", what, id]))));
  for (const queryKey of [conversationKeys.detail(id), conversationKeys.messages(id), conversationKeys.history(id)]) {
    client.removeQueries({ queryKey, type: "inactive" });
    void client.resetQueries({ queryKey, type: "active" }); // what is on screen would stay there; it is asked again, and is not found
  }
  client.setQueriesData<ListData>({ queryKey: conversationKeys.lists }, (old) => old && {
    ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })),
  });
}

/** Puts a message into its conversation, in place of the same one seen earlier (by id, or by the sender's own client id). */
export function putMessage(client: QueryClient, conversationId: number, message: Message) {
  client.setQueryData<MessagesData>(conversationKeys.messages(conversationId), (old) => {
    if (!old) return old;
    const isSame = (other: Message) => other.id === message.id || (message.client_id !== null && other.client_id === message.client_id);
    const known = flatMessages(old).some(isSame);
    return {
      ...old,
      pages: old.pages.map((page, n) => {
        if (known) return { ...page, items: page.items.map((item) => (isSame(item) ? message : item)) };
        return n === 0 ? { ...page, items: [...page.items, message] } : page;
      }),
    };
  });
}

export function dropMessage(client: QueryClient, conversationId: number, clientId: string) {
  client.setQueryData<MessagesData>(conversationKeys.messages(conversationId), (old) => old && {
    ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.client_id !== clientId) })),
  });
}
