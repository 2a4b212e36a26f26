import { describe, expect, it } from "vitest";
import type { Inbox } from "../client/nouns";
import { formOf, settingsOf, withSecurity } from "./mailServers";

const stored = {
  name: "hello", email: { address: "hello@miska.example", smtp: { host: "smtp.x.example", port: 465, security: "tls", username: "hello", has_password: true }, imap: null },
} as Inbox;

describe("the form of an inbox", () => {
  it("keeps the stored password when none is typed", () => {
    expect(settingsOf(formOf(stored)).smtp).toEqual({ host: "smtp.x.example", port: 465, security: "tls", username: "hello" });
  });
  it("sends a typed password", () => {
    const form = formOf(stored);
    expect(settingsOf({ ...form, smtp: { ...form.smtp, password: "new" } }).smtp).toMatchObject({ password: "new" });
  });
  it("uses the address as user name when none is given", () => {
    const form = { ...formOf(undefined), address: "a@b.example" };
    expect(settingsOf({ ...form, imap: { ...form.imap, password: "p" } }).imap).toMatchObject({ username: "a@b.example", folder: "INBOX", port: 993 });
  });
  it("signs in nowhere without a password", () => expect(settingsOf({ ...formOf(undefined), address: "a@b.example" }).smtp).toMatchObject({ username: "" }));
  it("leaves out what is switched off", () => expect(settingsOf(formOf(stored)).imap).toBeUndefined());
});

describe("withSecurity", () => {
  const server = { host: "", port: 465, security: "tls" as const, username: "" };
  it("moves the usual port", () => expect(withSecurity("smtp", server, "starttls")).toMatchObject({ port: 587, security: "starttls" }));
  it("leaves a chosen port", () => expect(withSecurity("smtp", { ...server, port: 2525 }, "starttls")).toMatchObject({ port: 2525 }));
});
