import { describe, expect, it } from "vitest";
import type { HistoryItem, Message } from "../client/nouns";
import { timelineOf } from "./timeline";

const message = (position: number, created_at: string) => ({ id: position, position, created_at, client_id: null, delivery: null, author: { kind: "contact", id: 9 } }) as Message;
const event = (id: number, at: string, kind = "conversation.status") => ({ id: String(id), at, kind, actor: { kind: "agent", id: 1, name: "Hanna" }, data: {} }) as HistoryItem;
const shape = (messages: Message[], history: HistoryItem[], isBubble?: (message: Message) => boolean) =>
  timelineOf(messages, history, isBubble).map((entry) => (entry.type === "events" ? entry.events.map((each) => `e${each.id}`).join("+") : entry.type === "day" ? "day" : entry.type === "bubbles" ? `b${entry.messages.map((each) => each.position)}` : `m${entry.message.position}`));

describe("timelineOf", () => {
  it("folds what happened between two messages into one entry", () => {
    const messages = [message(1, "2026-11-20T10:00:00Z"), message(2, "2026-11-20T12:00:00Z")];
    expect(shape(messages, [event(1, "2026-11-20T10:30:00Z"), event(2, "2026-11-20T11:00:00Z"), event(3, "2026-11-20T13:00:00Z")])).toEqual(["day", "m1", "e1+e2", "m2", "e3"]);
  });
  it("draws a line for each new day", () => {
    expect(shape([message(1, "2026-11-18T10:00:00Z"), message(2, "2026-11-20T10:00:00Z")], [])).toEqual(["day", "m1", "day", "m2"]);
  });
  it("leaves out what the messages say themselves, and what lies before the pages that are read", () => {
    const history = [event(1, "2026-11-01T10:00:00Z"), event(2, "2026-11-20T10:00:01Z", "message.received")];
    expect(shape([message(7, "2026-11-20T10:00:00Z")], history)).toEqual(["day", "m7"]);
  });
  it("does not repeat what a mail does to its conversation, but tells of closing", () => {
    const by = (event: HistoryItem, to: string) => ({ ...event, actor: { kind: "contact" as const, id: 9, name: "Ewa" }, data: { to } });
    const at = "2026-11-20T10:00:00Z";
    expect(shape([message(1, at)], [by(event(1, at), "open"), by(event(2, at), "closed")])).toEqual(["day", "m1", "e2"]);
  });
  it("leaves out a reply that was taken back", () => {
    const back = { ...message(2, "2026-11-20T11:00:00Z"), delivery: { state: "cancelled", reason: "", until: null } } as Message;
    expect(shape([message(1, "2026-11-20T10:00:00Z"), back], [])).toEqual(["day", "m1"]);
  });
  it("puts together what one person says in a chat, until something comes between", () => {
    const at = (minute: number) => `2026-11-20T10:0${minute}:00Z`;
    const messages = [message(1, at(0)), message(2, at(1)), message(3, at(2)), message(4, at(3))];
    expect(shape(messages, [], () => true)).toEqual(["day", "b1,2,3,4"]);
    expect(shape(messages, [{ ...event(1, "2026-11-20T10:01:30Z"), actor: { kind: "agent", id: 1, name: "Hanna" } }], () => true)).toEqual(["day", "b1,2", "e1", "b3,4"]);
    expect(shape(messages, [], (each) => each.position !== 2)).toEqual(["day", "b1", "m2", "b3,4"]);
  });
  it("tells that somebody made a forward's original sender the customer, and not that a chat found its visitor", () => {
    const at = "2026-11-20T10:00:00Z";
    const taken = { ...event(1, at, "conversation.contact"), data: { message_id: 1, from: 3, to: 4 } } as HistoryItem;
    expect(shape([message(1, at)], [taken, event(2, at, "conversation.contact"), event(3, at, "conversation.revealed"), event(4, at, "conversation.declined")])).toEqual(["day", "m1", "e1+e3+e4"]);
  });
  it("is empty without messages", () => expect(shape([], [])).toEqual([]));
});
