import type { Conversation, Message, Visitor } from "../client/nouns";

const TOGETHER_MS = 5 * 60_000;

/** Said in the chat itself: a bubble. What came or went by mail in the same conversation is a card, and a note is a note. */
export function isBubble(message: Message, conversation: Pick<Conversation, "channel">): boolean {
  return conversation.channel === "chat" && message.kind !== "note" && message.to.length === 0 && !message.has_quote && !byMail(message, conversation);
}

/** Brought into a chat by mail: a visitor writes without an address. */
export function byMail(message: Message, conversation: Pick<Conversation, "channel">): boolean {
  return conversation.channel === "chat" && message.kind === "inbound" && !!message.author.address;
}

/** One person going on: one avatar, and one time below the last. */
export function goesOn(before: Message, next: Message): boolean {
  const same = before.kind === next.kind && before.author.kind === next.author.kind && before.author.id === next.author.id;
  return same && Date.parse(next.created_at) - Date.parse(before.created_at) < TOGETHER_MS;
}

/** How far a reply has come. Only the last seen, mailed and delivered ones are told, and the newest while it is on its way. */
export type Reach = "seen" | "mailed" | "delivered" | "sent" | "sending";

export function reachOf(replies: Message[], visitor: Pick<Visitor, "delivered_position" | "seen_position" | "mailed_position"> | null): Map<number, Reach> {
  const reached = new Map<number, Reach>();
  const upTo = (position: number) => replies.findLast((reply) => reply.id > 0 && reply.position <= position);
  const newest = replies.at(-1);
  if (newest) reached.set(newest.id, newest.id < 0 || newest.delivery?.state === "queued" || newest.delivery?.state === "sending" ? "sending" : "sent");
  const delivered = upTo(visitor?.delivered_position ?? 0);
  if (delivered) reached.set(delivered.id, "delivered");
  const mailed = upTo(visitor?.mailed_position ?? 0);
  if (mailed) reached.set(mailed.id, "mailed");
  const seen = upTo(visitor?.seen_position ?? 0);
  if (seen) reached.set(seen.id, "seen");
  return reached;
}
