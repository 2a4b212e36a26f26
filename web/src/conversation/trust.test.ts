import { expect, test } from "vitest";
import type { Message, ConversationDetail } from "../client/nouns";
import { reasonOf, trustOf } from "./trust";

const conversation = { participants: [
  { kind: "contact", id: 1, name: "", address: "ewa@harbour.example", role: "customer", verified: "pass" },
  { kind: "contact", id: 2, name: "", address: "eve@evil.example", role: "unverified", verified: "pass" },
] } as unknown as ConversationDetail;

function from(address: string, verified: string, check = "", flags: string[] = [], kind = "inbound"): Message {
  return { kind, verified, verified_by: { check, domain: "harbour.example" }, flags, author: { address } } as unknown as Message;
}

test.each([
  ["verified", from("ewa@harbour.example", "pass", "dkim")],
  ["failed", from("ewa@harbour.example", "fail", "dmarc", ["unverified_sender"])],
  ["unverified", from("ewa@harbour.example", "none", "nothing")],
  ["unverified", from("ewa@harbour.example", "unchecked", "silence")],
  ["nothing", from("ewa@harbour.example", "unchecked")],
  ["stranger", from("eve@evil.example", "pass", "dkim")],
  ["stranger", from("kim@naver.com", "unchecked", "", ["unverified_sender"])],
  ["unverified", from("kim@naver.com", "typed", "", ["unverified_sender"])],
  ["nothing", from("ewa@harbour.example", "", "", [], "reply")],
])("a sender is %s", (trust, message) => {
  expect(trustOf(message, conversation)).toBe(trust);
});

test("the reason names the check and the domain", () => {
  expect(reasonOf(from("a@b", "pass", "dkim"))).toContain("harbour.example");
  expect(reasonOf(from("a@b", "fail", "dmarc"))).not.toBe(reasonOf(from("a@b", "fail", "spf")));
  expect(reasonOf(from("a@b", "unchecked", "silence"))).toContain("did not answer");
  expect(reasonOf(from("a@b", "fail", "something new"))).not.toBe("");
});
