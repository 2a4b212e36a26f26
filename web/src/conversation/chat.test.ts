import { describe, expect, it } from "vitest";
import type { Message } from "../client/nouns";
import { byMail, goesOn, isBubble, reachOf } from "./chat";

const reply = (position: number, more: Partial<Message> = {}) => ({ id: position * 10, position, kind: "reply", to: [], author: { kind: "agent", id: 1 }, delivery: { state: "sent" }, created_at: "2026-11-21T10:00:00Z", ...more }) as Message;
const shape = (replies: Message[], delivered_position: number, seen_position: number) => [...reachOf(replies, { delivered_position, seen_position, mailed_position: 0 })].map(([id, reach]) => `${id} ${reach}`).sort();

describe("reachOf", () => {
  const three = [reply(2), reply(4), reply(5)];
  it("tells the last seen and the last delivered, and of the newest that it is sent", () => expect(shape(three, 4, 2)).toEqual(["20 seen", "40 delivered", "50 sent"]));
  it("tells only seen when everything was", () => expect(shape(three, 9, 9)).toEqual(["50 seen"]));
  it("says that what was not seen went by mail, until it is seen after all", () => {
    const shape = (seen_position: number) => [...reachOf(three, { delivered_position: 0, mailed_position: 4, seen_position })].map(([id, reach]) => `${id} ${reach}`).sort();
    expect(shape(2)).toEqual(["20 seen", "40 mailed", "50 sent"]);
    expect(shape(4)).toEqual(["40 seen", "50 sent"]);
  });
  it("takes the marks for positions of other messages too", () => expect(shape(three, 3, 3)).toEqual(["20 seen", "50 sent"]));
  it("knows nothing of a visitor it has not heard of", () => expect([...reachOf(three, null)]).toEqual([[50, "sent"]]));
  it("does not call what the server has not confirmed delivered", () => {
    expect(shape([reply(2), reply(2.5, { id: -1, delivery: { state: "queued", reason: "", until: null } })], 9, 0)).toEqual(["-1 sending", "20 delivered"]);
  });
  it("is empty without replies", () => expect(shape([], 3, 3)).toEqual([]));
});

describe("goesOn", () => {
  it.each([
    ["the same person a minute later", { created_at: "2026-11-21T10:01:00Z" }, true],
    ["six minutes later", { created_at: "2026-11-21T10:06:00Z" }, false],
    ["a teammate", { author: { kind: "agent", id: 2 } }, false],
    ["the customer with the same number", { kind: "inbound", author: { kind: "contact", id: 1 } }, false],
  ])("%s: %s", (_, more, is) => expect(goesOn(reply(1), reply(2, more as Partial<Message>))).toBe(is));
});

describe("byMail", () => {
  const ewa = { kind: "contact", id: 1, name: "Ewa", address: "ewa@harbour.example" };
  it.each([
    ["chat", { kind: "inbound", author: ewa }, true], ["chat", { kind: "inbound", author: { ...ewa, address: "" } }, false], ["email", { kind: "inbound", author: ewa }, false], ["chat", { author: { ...ewa, kind: "agent" } }, false],
  ])("in %s with %j: %s", (channel, more, is) => {
    expect(byMail(reply(1, more as Partial<Message>), { channel })).toBe(is);
    if (is) expect(isBubble(reply(1, more as Partial<Message>), { channel })).toBe(false);
  });
});

describe("isBubble", () => {
  it.each([
    ["chat", {}, true], ["email", {}, false], ["chat", { kind: "note" }, false], ["chat", { to: [{ address: "ewa@harbour.example" }] }, false], ["chat", { kind: "inbound", has_quote: true }, false],
  ])("in %s with %j: %s", (channel, more, is) => expect(isBubble(reply(1, more as Partial<Message>), { channel })).toBe(is));
});
