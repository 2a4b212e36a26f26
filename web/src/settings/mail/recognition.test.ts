import { describe, expect, it } from "vitest";
import type { Recognition, RoundTrip } from "../../client/nouns";
import { formOf } from "../mailServers";
import { checkable, withFound } from "./recognition";
import { secondsOf, stepsOf } from "./roundTrip";

const found: Recognition = {
  provider: "naver", name: "Naver", mx: "", password: "own", link: "", username: "jiwoo", oauth: "",
  imap: { host: "imap.naver.com", port: 993, security: "tls" }, smtp: { host: "smtp.naver.com", port: 587, security: "starttls" },
};
const typed = { ...formOf(undefined), address: "jiwoo@naver.com" };

describe("a recognised address", () => {
  it("fills in the servers and the user name, and leaves the password", () => {
    const form = withFound({ ...typed, imap: { ...typed.imap, password: "x" } }, found);
    expect(form.imap).toMatchObject({ host: "imap.naver.com", port: 993, username: "jiwoo", password: "x", folder: "INBOX" });
    expect(form.smtp).toMatchObject({ host: "smtp.naver.com", port: 587, security: "starttls" });
  });
  it("leaves the user name empty when it is the address", () => {
    expect(withFound(typed, { ...found, username: "jiwoo@naver.com" }).imap.username).toBe("");
  });
  it("leaves by hand what was not found", () => {
    const own = { ...typed, imap: { ...typed.imap, host: "mail.own.example" } };
    expect(withFound(own, { ...found, imap: null }).imap.host).toBe("mail.own.example");
  });
});

describe("a server is tried", () => {
  const form = withFound(typed, found);
  it("not before there is a password", () => {
    expect(checkable(form, "imap")).toBeNull();
    expect(checkable(form, "smtp")).toBeNull();
  });
  it("with what was entered for it alone", () => {
    expect(checkable({ ...form, imap: { ...form.imap, password: "secret" } }, "imap")).toEqual({
      address: "jiwoo@naver.com", server: { host: "imap.naver.com", port: 993, security: "tls", username: "jiwoo", password: "secret", folder: "INBOX" },
    });
  });
  it("without a password where mail leaves inside one's own network", () => {
    expect(checkable({ ...typed, smtp: { ...typed.smtp, host: "10.0.0.2", port: 25, security: "none" } }, "smtp")?.server.username).toBe("");
  });
  it("not for half an address", () => {
    expect(checkable({ ...form, address: "jiwoo@", imap: { ...form.imap, password: "secret" } }, "imap")).toBeNull();
  });
});

describe("a round trip", () => {
  const trip = (state: RoundTrip["state"], more: Partial<RoundTrip> = {}): RoundTrip => ({ state, message: "", hint: "", started_at: null, sent_at: null, arrived_at: null, ...more });
  it.each([["none", "next next next"], ["sending", "done now next"], ["waiting", "done done now"], ["arrived", "done done done"], ["failed", "done broken next"]] as const)("%s shows %s", (state, steps) => {
    expect(stepsOf(trip(state)).join(" ")).toBe(steps);
  });
  it("tells how long it took", () => {
    expect(secondsOf(trip("arrived", { started_at: "2026-11-21T10:51:02.400Z", arrived_at: "2026-11-21T10:51:16.000Z" }))).toBe(14);
    expect(secondsOf(trip("waiting", { started_at: "2026-11-21T10:51:02Z" }))).toBe(0);
  });
});
