import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ConversationDetail, Visitor } from "../client/nouns";
import { conversationLive } from "./live";
import { localDrafts } from "./localDrafts";
import { conversationKeys } from "./queries";

let client: QueryClient;
beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  client.setQueryData(conversationKeys.detail(7), { id: 7, chat: { online: false, typing: false, delivered_position: 0, seen_position: 0 } as Visitor } as ConversationDetail);
});
afterEach(() => vi.useRealTimers());

const visitor = () => client.getQueryData<ConversationDetail>(conversationKeys.detail(7))!.chat!;
const hear = (typing: boolean) => conversationLive({ type: "visitor", conversation_id: 7, online: true, typing, delivered_position: 2, seen_position: 1 }, client, 1);

it("shows the visitor of a chat as the frame tells, and nothing of one that is not on screen", () => {
  hear(true);
  expect(visitor()).toEqual({ online: true, typing: true, delivered_position: 2, seen_position: 1 });
  conversationLive({ type: "visitor", conversation_id: 8, online: true, typing: true, delivered_position: 0, seen_position: 0 }, client, 1);
  expect(client.getQueryData(conversationKeys.detail(8))).toBeUndefined();
});

it("stops believing that somebody types when nothing more is heard", () => {
  hear(true);
  vi.advanceTimersByTime(5000);
  hear(true);
  vi.advanceTimersByTime(5000);
  expect(visitor().typing).toBe(true);
  vi.advanceTimersByTime(4000);
  expect(visitor().typing).toBe(false);
  expect(visitor().online).toBe(true);
});

it("hears at once that they stopped", () => {
  hear(true);
  hear(false);
  expect(visitor().typing).toBe(false);
});

it("reads the counts of the views again, once, after what may have changed them", () => {
  const event = (kind: string) =>
    conversationLive({ type: "event", cursor: "c", kind, conversation_id: 7, contact_id: null, actor: { kind: "agent", id: 2 }, at: "2026-03-02T09:00:00Z", data: {} }, client, 1);
  vi.stubGlobal("fetch", () => new Promise(() => {})); // reading the conversation is not what this is about
  const read = vi.spyOn(client, "invalidateQueries");
  const counts = () => read.mock.calls.filter(([filter]) => filter?.queryKey === conversationKeys.views).length;
  event("draft.changed");
  vi.advanceTimersByTime(2000);
  expect(counts()).toBe(0);
  event("message.received");
  event("conversation.assigned");
  conversationLive({ type: "gone", id: 8, cursor: "c" }, client, 1);
  expect(counts()).toBe(0);
  vi.advanceTimersByTime(2000);
  expect(counts()).toBe(1);
  vi.unstubAllGlobals();
});

it.each(["conversation.contact", "conversation.declined"])("asks again about a forward's sender after %s, which somebody else has decided", (kind) => {
  vi.stubGlobal("fetch", () => new Promise(() => {}));
  for (const id of [7, 8]) client.setQueryData(conversationKeys.original(id), { state: "proposed" });
  conversationLive({ type: "event", cursor: "c", kind, conversation_id: 7, contact_id: null, actor: { kind: "agent", id: 2 }, at: "2026-03-02T09:00:00Z", data: {} }, client, 1);
  expect([7, 8].map((id) => client.getQueryState(conversationKeys.original(id))?.isInvalidated)).toEqual([true, false]);
  expect(client.getQueryState(conversationKeys.detail(7))).toBeDefined();
  vi.unstubAllGlobals();
});

it.each(["conversation.silenced", "conversation.unsilenced"])("asks all conversations about their silence after %s, for it is of a customer", (kind) => {
  vi.stubGlobal("fetch", () => new Promise(() => {}));
  for (const id of [7, 8]) client.setQueryData(conversationKeys.silence(id), { cause: "none", until: null, elsewhere: false });
  conversationLive({ type: "event", cursor: "c", kind, conversation_id: 7, contact_id: null, actor: { kind: "system", id: null }, at: "2026-03-02T09:00:00Z", data: {} }, client, 1);
  expect([7, 8].map((id) => client.getQueryState(conversationKeys.silence(id))?.isInvalidated)).toEqual([true, true]);
  vi.unstubAllGlobals();
});

it("RT-03: starts over when too much was missed: everything is read again, what is being written stays", () => {
  const written = { text: "Dear Ewa, half a", html: "", to: [], cc: [], bcc: [], files: [] };
  localDrafts.write(7, "reply", written);
  client.setQueryData(conversationKeys.draft(7, "reply"), null);
  conversationLive({ type: "reset", reason: "epoch" }, client, 1);
  expect(client.getQueryState(conversationKeys.detail(7))).toBeUndefined(); // it was not on screen, and may have left my sight
  expect(client.getQueryState(conversationKeys.draft(7, "reply"))?.isInvalidated).toBe(true);
  expect(localDrafts.read(7, "reply")).toMatchObject(written);
  localDrafts.remove(7, "reply");
});

it("takes what has left my sight off the screen, also while it is being read again", async () => {
  vi.useRealTimers();
  const seen = new QueryObserver<ConversationDetail>(client, { queryKey: conversationKeys.detail(7), queryFn: () => Promise.reject(new Error("not found")), retry: false, staleTime: Infinity });
  const stop = seen.subscribe(() => {});
  expect(seen.getCurrentResult().data?.id).toBe(7);
  void client.invalidateQueries({ queryKey: conversationKeys.all });
  conversationLive({ type: "gone", id: 7, cursor: "c" }, client, 1);
  await vi.waitFor(() => expect(seen.getCurrentResult().isError).toBe(true));
  expect(seen.getCurrentResult().data).toBeUndefined();
  stop();
});
