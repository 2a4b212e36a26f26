import { describe, expect, it } from "vitest";
import type { Inbox } from "../../client/nouns";
import { rulesOf } from "../parts/RulesCard";
import { chatOf, differs, formOf } from "./chatForm";
import { usualWeek } from "./hours";

const inbox = {
  id: 7, name: "Shop chat", channel: "chat", reply_status: "pending", reopen_days: 14, signature: "",
  chat: {
    site_key: "st_miska", brand: "#0b6470", position: "end", greeting: { pl: "Cześć!", en: "Hello!" }, language: "auto", allowed_origins: ["https://shop.example"],
    hours: { time_zone: "Europe/Warsaw", days: [{ day: 1, from: "09:00", to: "18:00" }] }, ask_email: true, show_team: false, show_launcher: true, files: true, mail_inbox_id: 3, has_identity_secret: true,
  },
} as unknown as Inbox;

describe("the form of a chat", () => {
  it("sends back what it was given, without what is read only", () => {
    const { site_key: _key, has_identity_secret: _secret, ...rest } = inbox.chat!;
    expect(chatOf(formOf(inbox, "UTC"))).toEqual(rest);
  });
  it("begins always open, in the time zone of who sets it up", () => {
    const form = formOf(undefined, "Asia/Seoul");
    expect(form).toMatchObject({ always: true, timeZone: "Asia/Seoul", brand: "", ask_email: true });
    expect(chatOf(form).hours).toEqual({ time_zone: "Asia/Seoul", days: [] });
  });
  it("keeps the week while it says always open, and sends none of it", () => {
    const form = { ...formOf(inbox, "UTC"), week: usualWeek(), always: true };
    expect(chatOf(form).hours!.days).toEqual([]);
    expect(chatOf({ ...form, always: false }).hours!.days).toHaveLength(5);
  });
  it("leaves out greetings that say nothing", () => expect(chatOf({ ...formOf(inbox, "UTC"), greeting: { en: " Hi ", ko: "  " } }).greeting).toEqual({ en: "Hi" }));
});

describe("differs", () => {
  const same = formOf(inbox, "UTC");
  const rules = rulesOf(inbox);
  it("is false for what is saved, whatever order it came in", () => {
    expect(differs(same, rules, inbox, "UTC")).toBe(false);
    expect(differs({ ...same, greeting: { en: "Hello!", pl: "Cześć!", ko: "" } }, rules, inbox, "UTC")).toBe(false);
  });
  it.each([
    ["name", { name: "Chat" }], ["brand", { brand: "#ff0000" }], ["site", { allowed_origins: [] }], ["hours", { always: true }], ["greeting", { greeting: {} }],
  ])("is true for another %s", (_, patch) => expect(differs({ ...same, ...patch }, rules, inbox, "UTC")).toBe(true));
  it("is true for other rules", () => expect(differs(same, { ...rules, reopen_days: 3 }, inbox, "UTC")).toBe(true));
});
