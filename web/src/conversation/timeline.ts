import type { HistoryItem, Message } from "../client/nouns";
import { sameDay } from "../i18n/dates";
import { goesOn } from "./chat";

export type Entry =
  | { type: "day"; key: string; at: string }
  | { type: "message"; key: string; message: Message }
  | { type: "bubbles"; key: string; messages: Message[] }
  | { type: "events"; key: string; events: HistoryItem[] };

const shownKinds = new Set([
  "conversation.assigned", "conversation.teamed", "conversation.status", "conversation.priority", "conversation.snoozed", "conversation.tagged",
  "conversation.subject", "conversation.spam", "conversation.person", "conversation.declined", "conversation.revealed", "conversation.silenced", "conversation.unsilenced",
]);

/** Another customer is news where a teammate has said so of a forward; a chat finds out by itself who its visitor is. */
const isShown = (event: HistoryItem) => shownKinds.has(event.kind) || (event.kind === "conversation.contact" && "message_id" in event.data);

const ECHO_MS = 1500;

/** A mail opens its conversation and a reply makes it wait: the message itself says as much. Closing is news. */
function isEcho(event: HistoryItem, messages: Message[]): boolean {
  if (event.kind !== "conversation.status" || event.data["to"] === "closed") return false;
  return messages.some(({ author, created_at }) => author.kind === event.actor.kind && author.id === event.actor.id && Math.abs(Date.parse(created_at) - Date.parse(event.at)) < ECHO_MS);
}

/**
 * Messages in order, what happened between them folded into one line each time, and a line for each new day.
 * What one person says in a chat without a pause stands together. A reply that was taken back is not shown.
 */
export function timelineOf(all: Message[], history: HistoryItem[], isBubble: (message: Message) => boolean = () => false): Entry[] {
  const messages = all.filter((message) => message.delivery?.state !== "cancelled");
  const from = messages[0]?.created_at ?? "";
  const events = history.filter((item) => isShown(item) && Date.parse(item.at) >= Date.parse(from) && !isEcho(item, messages));
  const entries: Entry[] = [];
  let lastDay = "";
  let nextEvent = 0;

  function dayOf(at: string) {
    if (!lastDay || !sameDay(lastDay, at)) entries.push({ type: "day", key: `day-${at}`, at });
    lastDay = at;
  }
  function eventsBefore(at: number) {
    const folded: HistoryItem[] = [];
    for (; nextEvent < events.length && Date.parse(events[nextEvent]!.at) < at; nextEvent++) folded.push(events[nextEvent]!);
    if (folded.length > 0) entries.push({ type: "events", key: `event-${folded[0]!.id}`, events: folded });
  }
  for (const message of messages) {
    eventsBefore(Date.parse(message.created_at));
    dayOf(message.created_at);
    const last = entries.at(-1);
    if (!isBubble(message)) entries.push({ type: "message", key: message.client_id ?? String(message.id), message });
    else if (last?.type === "bubbles" && goesOn(last.messages.at(-1)!, message)) last.messages.push(message);
    else entries.push({ type: "bubbles", key: message.client_id ?? String(message.id), messages: [message] });
  }
  eventsBefore(Infinity);
  return entries;
}
