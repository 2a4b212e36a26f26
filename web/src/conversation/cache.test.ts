import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import type { Conversation, ConversationDetail, Message, Visitor } from "../client/nouns";
import { dropConversation, dropMessage, findConversation, patchConversation, patchVisitor, putMessage } from "./cache";
import { conversationKeys, flatMessages, type ListData, type MessagesData } from "./queries";

const row = (id: number) => ({ id, status: "open", subject: `S${id}` }) as Conversation;
const message = (id: number, client_id: string | null = null) => ({ id, position: id, client_id }) as Message;
let client: QueryClient;

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData<ListData>(conversationKeys.list({ view: "mine" }), { pages: [{ items: [row(1), row(2)], next_cursor: null }], pageParams: [""] });
  client.setQueryData(conversationKeys.detail(1), row(1));
  client.setQueryData<MessagesData>(conversationKeys.messages(1), { pages: [{ items: [message(3), message(4)], next_cursor: null }, { items: [message(1), message(2)], next_cursor: null }], pageParams: [9, 3] });
});
const rows = () => client.getQueryData<ListData>(conversationKeys.list({ view: "mine" }))!.pages[0]!.items;
const ids = () => flatMessages(client.getQueryData<MessagesData>(conversationKeys.messages(1))).map((each) => each.id);

describe("conversations", () => {
  it("change in lists and alone, and keep their place", () => {
    patchConversation(client, 1, { status: "closed" });
    expect(rows().map((each) => [each.id, each.status])).toEqual([[1, "closed"], [2, "open"]]);
    expect(findConversation(client, 1)?.status).toBe("closed");
  });
  it("tell what is heard of the visitor of a chat, and marks never go back", () => {
    const visitor = () => client.getQueryData<ConversationDetail>(conversationKeys.detail(1))?.chat;
    patchVisitor(client, 1, { online: true });
    expect(visitor()).toBeUndefined(); // a mail has no visitor
    client.setQueryData(conversationKeys.detail(1), { ...row(1), chat: { online: false, typing: false, delivered_position: 4, seen_position: 3, page: "https://shop.example/" } as Visitor });
    patchVisitor(client, 1, { online: true, typing: true, delivered_position: 2, seen_position: 4 });
    expect(visitor()).toEqual({ online: true, typing: true, delivered_position: 4, seen_position: 4, page: "https://shop.example/" });
  });
  it("leave every list when they are gone", () => {
    dropConversation(client, 1);
    expect(rows().map((each) => each.id)).toEqual([2]);
    expect(findConversation(client, 1)).toBeUndefined();
  });
});

describe("messages", () => {
  it("come back to front in pages and front to back on screen", () => expect(ids()).toEqual([1, 2, 3, 4]));
  it("join at the end", () => {
    putMessage(client, 1, message(5));
    expect(ids()).toEqual([1, 2, 3, 4, 5]);
  });
  it("take the place of what was shown before the answer", () => {
    putMessage(client, 1, message(-1, "abc"));
    putMessage(client, 1, message(5, "abc"));
    expect(ids()).toEqual([1, 2, 3, 4, 5]);
  });
  it("go when the sending failed", () => {
    putMessage(client, 1, message(-1, "abc"));
    dropMessage(client, 1, "abc");
    expect(ids()).toEqual([1, 2, 3, 4]);
  });
});
