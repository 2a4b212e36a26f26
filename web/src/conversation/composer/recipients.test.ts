import { describe, expect, it } from "vitest";
import type { ConversationDetail, Inbox, Message } from "../../client/nouns";
import { isNewHere, isUnverified, readAddresses, replyRecipients } from "./recipients";

const ewa = { name: "Ewa Marsh", address: "ewa@harbour.example" };
const sowa = { name: "Dr Sowa", address: "dr.sowa@lapa-vet.example" };
const inboxes = [{ address: "hello@miska.example" } as Inbox];
const conversation = {
  contact: { id: 1, ...ewa },
  participants: [{ kind: "contact", id: 1, ...ewa, role: "customer", verified: "pass" }, { kind: "contact", id: 2, name: "Stranger", address: "x@elsewhere.example", role: "unverified", verified: "fail" }],
} as ConversationDetail;

function mail(from: { name: string; address: string }, change: Partial<Message> = {}): Message {
  return { kind: "inbound", class: "human", author: { kind: "contact", id: 1, photo_url: null, ...from }, to: [{ address: "hello@miska.example" }], cc: [], bcc: [], flags: [] as string[], ...change } as Message;
}
const addresses = (list: { address: string }[]) => list.map((each) => each.address);

describe("replyRecipients", () => {
  it.each<[string, Message[], boolean, string[], string[]]>([
    ["the one who wrote", [mail(ewa)], true, [ewa.address], []],
    ["everybody in copy when all", [mail(ewa, { cc: [sowa] })], true, [ewa.address], [sowa.address]],
    ["nobody in copy when not all", [mail(ewa, { cc: [sowa] })], false, [ewa.address], []],
    ["never ourselves, however written", [mail(ewa, { to: [{ address: "Hello@Miska.example" }], cc: [{ address: "hello+rabc234@miska.example" }] })], true, [ewa.address], []],
    ["the customer, not an unverified stranger", [mail({ name: "Stranger", address: "x@elsewhere.example" })], true, [ewa.address], []],
    ["no stranger in copy", [mail(ewa, { cc: [{ address: "x@elsewhere.example" }] })], true, [ewa.address], []],
    ["those of the customer's mail, past a stranger's answer", [mail(ewa, { cc: [sowa] }), mail({ name: "Stranger", address: "x@elsewhere.example" }, { cc: [{ address: "boss@elsewhere.example" }] })], true, [ewa.address], [sowa.address]],
    ["past a bounce", [mail(ewa), mail({ name: "", address: "mailer-daemon@lapa-vet.example" }, { class: "bounce" })], true, [ewa.address], []],
    ["whom we wrote to when nobody has answered", [mail(ewa, { kind: "reply", to: [sowa], cc: [ewa] })], true, [sowa.address], [ewa.address]],
    ["THR-13: the customer, not the teammate who has forwarded their mail", [mail({ name: "Jan", address: "jan@miska.example" }, { flags: ["passed_in"], cc: [sowa] })], true, [ewa.address], [sowa.address]],
    ["THR-13: the teammate, as long as they are the customer", [mail(ewa, { flags: ["passed_in"] })], true, [ewa.address], []],
    ["the customer when there is no mail", [], true, [ewa.address], []],
  ])("%s", (_, messages, all, to, cc) => {
    const found = replyRecipients(conversation, messages, inboxes, all);
    expect(addresses(found.to)).toEqual(to);
    expect(addresses(found.cc)).toEqual(cc);
  });
});

describe("readAddresses", () => {
  it.each<[string, string[], string]>([
    ["ewa@harbour.example", ["ewa@harbour.example"], ""],
    ['"Marsh, Ewa" <ewa@harbour.example>', ["ewa@harbour.example"], ""],
    ["Ewa Marsh <ewa@harbour.example>; sowa@lapa-vet.example", ["ewa@harbour.example", "sowa@lapa-vet.example"], ""],
    ["ewa@", [], "ewa@"],
    ["ewa@harbour", [], "ewa@harbour"],
  ])("%s", (typed, found, rest) => expect(readAddresses(typed)).toEqual({ found: found.map((address) => expect.objectContaining({ address })), rest }));
});

describe("isNewHere", () => {
  it("knows who has been there", () => {
    expect(isNewHere("EWA@harbour.example", conversation, [])).toBe(false);
    expect(isNewHere(sowa.address, conversation, [])).toBe(true);
    expect(isNewHere(sowa.address, conversation, [mail(ewa, { cc: [sowa] })])).toBe(false);
  });
});

describe("isUnverified", () => {
  const copied = { ...conversation, participants: [...conversation.participants, { kind: "contact", id: 3, ...sowa, role: "cc", verified: "unchecked" }] } as ConversationDetail;
  it.each<[string, string, ConversationDetail, Message[], boolean]>([
    ["the customer", ewa.address, conversation, [], false],
    ["who came with our reply address", "X@elsewhere.example", conversation, [], true],
    ["who was only copied in", sowa.address, copied, [mail(ewa, { cc: [sowa] })], true],
    ["who was copied in, and answered since", sowa.address, copied, [mail(ewa, { cc: [sowa] }), mail(ewa, { id: 9, kind: "reply", to: [ewa], cc: [sowa] })], false],
    ["who is not there at all", sowa.address, conversation, [], false],
  ])("%s", (_, address, where, messages, unverified) => expect(isUnverified(address, where, messages)).toBe(unverified));
});
