import type { Message } from "../contract";

/**
 * The messages of one conversation as far as this tab has them. Positions are dense on the server, but some of them are
 * not for the visitor's eyes; a gap is therefore no proof that something is missing. What is proven is `synced`: up to
 * there the server has handed over everything.
 */
export interface Timeline {
  items: readonly Message[]; // by position
  synced: number;
  /** Older ones are still on the server. */
  older: boolean;
  /** The first page is here. */
  ready: boolean;
}

export const emptyTimeline: Timeline = { items: [], synced: 0, older: false, ready: false };

/** The messages joined, each once, by position. */
export function merge(items: readonly Message[], more: readonly Message[]): Message[] {
  const all = new Map(items.map((each) => [each.position, each]));
  for (const each of more) all.set(each.position, each);
  return [...all.values()].sort((a, b) => a.position - b.position);
}

/** A page of messages after `after`. Only a page that joins what is proven moves the proof forward. */
export function takePage(line: Timeline, after: number, items: readonly Message[]): Timeline {
  const joins = after <= line.synced;
  const last = items.at(-1)?.position ?? after;
  return { ...line, items: merge(line.items, items), synced: joins ? Math.max(line.synced, last) : line.synced };
}

/** A message by the live connection; `steady` while nothing can have been missed between it and what is proven. */
export function takeLive(line: Timeline, message: Message, steady: boolean): Timeline {
  return { ...line, items: merge(line.items, [message]), synced: steady ? Math.max(line.synced, message.position) : line.synced };
}
