import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Authorization } from "../../client/nouns";
import { formOf, settingsOf } from "../mailServers";
import { checkable } from "./recognition";
import { dropDraft, keepDraft, keptDraft, withSignIn } from "./signIn";

const signedIn: Authorization = { id: 7, provider: "google", name: "Google", address: "hello@miska.example", imap_host: "imap.gmail.com", smtp_host: "smtp.gmail.com", state: "given", reason: "", inbox_id: null };
const empty = formOf(undefined);
const typed = { ...empty, address: "Hello@miska.example", imap: { ...empty.imap, host: "imap.gmail.com", password: "secret" }, smtp: { ...empty.smtp, host: "smtp.gmail.com", password: "secret" } };

describe("a sign-in at a provider", () => {
  it("stands in the place of passwords, which are not sent", () => {
    const form = withSignIn(typed, signedIn);
    expect(settingsOf(form).imap).toMatchObject({ authorization_id: 7, username: "Hello@miska.example" });
    expect(JSON.stringify(settingsOf(form))).not.toContain("secret");
    expect(checkable(form, "imap")?.server.authorization_id).toBe(7);
    expect(checkable(form, "smtp")?.server.authorization_id).toBe(7);
  });
  it.each([
    ["another address", { ...typed, address: "orders@miska.example" }, signedIn],
    ["another server", { ...typed, imap: { ...typed.imap, host: "evil.example" } }, signedIn],
    ["one that nobody has given", typed, { ...signedIn, state: "asked" as const }],
    ["one that was lost", typed, { ...signedIn, state: "lost" as const }],
    ["none", typed, undefined],
  ])("is not used for %s", (_, form, one) => expect(withSignIn(form, one).imap.authorization_id).toBeUndefined());
});

describe("the set-up, while its owner is at the provider", () => {
  const kept = new Map<string, string>();
  beforeEach(() => vi.stubGlobal("sessionStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) }));
  afterEach(() => vi.unstubAllGlobals());
  it("is kept without passwords and secrets", () => {
    keepDraft({ form: typed, app: { client_id: "id", client_secret: "hidden", tenant: "", authorize_url: "", token_url: "", scope: "" }, byHand: true });
    expect([...kept.values()].join()).not.toMatch(/secret"?:"?[^",}]|hidden/);
    expect(keptDraft()).toMatchObject({ form: { address: "Hello@miska.example", imap: { host: "imap.gmail.com" } }, app: { client_id: "id", client_secret: "" }, byHand: true });
    dropDraft();
    expect(keptDraft()).toBeNull();
  });
});
