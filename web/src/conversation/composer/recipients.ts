import type { Address, ConversationDetail, Inbox, Message } from "../../client/nouns";

export type Recipients = { to: Address[]; cc: Address[]; bcc: Address[] };

const outsideQuotes = /[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)/;
const looksLikeAddress = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/;

export function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Who a reply goes to: whoever wrote last; everybody else on that mail in copy when `all`. Never ourselves, never the unverified. */
export function replyRecipients(conversation: ConversationDetail, messages: Message[], inboxes: Inbox[], all: boolean): Recipients {
  const ours = inboxes.flatMap((inbox) => [inbox.address, inbox.email?.address]).filter((each): each is string => Boolean(each));
  const stranger = new Set(conversation.participants.filter((each) => each.role === "unverified").map((each) => each.address.toLowerCase()));
  const fromKnown = (message: Message) => message.kind === "inbound" && message.class === "human" && !stranger.has(message.author.address.toLowerCase());
  const last = messages.findLast(fromKnown) ?? messages.findLast((message) => message.kind === "inbound" && message.class === "human") ?? messages.findLast((message) => message.kind === "reply" && message.to.length > 0);
  const customer = { name: conversation.contact.name, address: conversation.contact.address };
  if (!last) return { to: customer.address ? [customer] : [], cc: [], bcc: [] };
  const author = { name: last.author.name, address: last.author.address };
  const left = last.flags.includes("passed_in") && !conversation.participants.some((each) => same(each.address, author.address)); // a teammate whose forward has found its customer
  const to = last.kind === "reply" ? last.to : [stranger.has(author.address.toLowerCase()) || !author.address || left ? customer : author];
  const others = last.kind === "reply" ? last.cc : [...last.to, ...last.cc];
  const skip = (each: Address) => [...ours, ...to.map((one) => one.address)].some((known) => same(known, each.address)) || stranger.has(each.address.toLowerCase()) || isReplyAddress(each.address, ours);
  return { to, cc: all ? unique(others.filter((each) => !skip(each))) : [], bcc: [] };
}

/** Our own reply addresses carry a sealed part behind a plus sign. */
function isReplyAddress(address: string, ours: string[]): boolean {
  const [local = "", domain = ""] = address.toLowerCase().split("@");
  return ours.some((own) => {
    const [ownLocal = "", ownDomain = ""] = own.toLowerCase().split("@");
    return domain === ownDomain && local.startsWith(`${ownLocal}+`);
  });
}

export function sameRecipients(a: Recipients, b: Recipients): boolean {
  const key = (list: Address[]) => list.map((each) => each.address.trim().toLowerCase()).sort().join();
  return key(a.to) === key(b.to) && key(a.cc) === key(b.cc) && key(a.bcc) === key(b.bcc);
}

/** The names of all whom a message goes to. */
export function everybody({ to, cc, bcc }: Recipients): string {
  return [...to, ...cc, ...bcc].map((each) => each.name || each.address).join(", ");
}

export function unique(list: Address[]): Address[] {
  return list.filter((each, n) => list.findIndex((other) => same(other.address, each.address)) === n);
}

/** Addresses typed or pasted: "Ewa Marsh <ewa@harbour.example>, sowa@lapa-vet.example". What is not one is given back. */
export function readAddresses(typed: string): { found: Address[]; rest: string } {
  const found: Address[] = [];
  const rest: string[] = [];
  for (const part of typed.split(outsideQuotes).map((each) => each.trim()).filter(Boolean)) {
    const named = /^"?([^"<]*)"?\s*<([^>]+)>$/.exec(part);
    const address = (named?.[2] ?? part).trim();
    if (looksLikeAddress.test(address)) found.push(named?.[1]?.trim() ? { name: named[1].trim(), address } : { address });
    else rest.push(part);
  }
  return { found, rest: rest.join(", ") };
}

/** Who takes part, but has not shown that they belong here. Who was only copied in counts as one as long as nobody of ours has written to them. */
export function isUnverified(address: string, { participants }: ConversationDetail, messages: Message[] = []): boolean {
  const found = participants.find((each) => same(each.address, address));
  if (!found) return false;
  const written = () => messages.some((message) => message.kind === "reply" && message.id > 0 && [...message.to, ...message.cc, ...message.bcc].some((each) => same(each.address, address)));
  return found.role === "unverified" || found.verified === "fail" || found.verified === "typed" || (found.role === "cc" && !written());
}

/** Who is written to for the first time in this conversation. */
export function isNewHere(address: string, conversation: ConversationDetail, messages: Message[]): boolean {
  if (same(address, conversation.contact.address)) return false;
  const known = [...conversation.participants.map((each) => each.address), ...messages.flatMap((message) => [message.author, ...message.to, ...message.cc].map((each) => each.address))];
  return !known.some((each) => same(each, address));
}
