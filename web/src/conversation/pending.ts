import type { Conversation, DraftKind, Message } from "../client/nouns";
import { queue, type Command } from "../client/queue";
import { patchOf, type Change } from "./change";
import type { DraftContent } from "./localDrafts";

/** What a command of this room tells of itself. */
export type About =
  | { type: "change"; change: Change; back: Change; name: string }
  | { type: "read"; position: number }
  | { type: "message"; message: Message; kind: DraftKind; content: DraftContent; close: boolean };

export const aboutOf = (command: Command) => command.about as unknown as About;

/** The newest answer about each conversation: what was asked before it came is older. */
const settled = new Map<number, { at: number; conversation: Conversation }>();

export function settle(conversation: Conversation) {
  settled.set(conversation.id, { at: performance.now(), conversation });
}

/** What waiting commands make of a conversation. */
export function patchOfWaiting(id: number): Partial<Conversation> {
  let patch: Partial<Conversation> = {};
  for (const command of queue.get()) {
    if (command.lane !== id || command.held) continue;
    const about = aboutOf(command);
    if (about.type === "change") patch = { ...patch, ...patchOf(about.change) };
    else if (about.type === "read") patch = { ...patch, read_position: about.position, unread: false };
    else if (about.close) patch = { ...patch, status: "closed" };
  }
  return patch;
}

/** What the server said of a conversation, with what it has not been told yet. */
export function withWaiting<T extends Conversation>(conversation: T, askedAt: number): T {
  const newest = settled.get(conversation.id);
  const known = newest && newest.at > askedAt && newest.conversation.version > conversation.version ? newest.conversation : null;
  return { ...conversation, ...known, ...patchOfWaiting(conversation.id) };
}

/** The messages of a conversation that are still to be sent. */
export function waitingMessages(id: number, kind?: DraftKind): Message[] {
  return queue.get().flatMap((command) => {
    const about = aboutOf(command);
    return command.lane === id && about.type === "message" && (!kind || about.kind === kind) ? [about.message] : [];
  });
}

/** Whether a later command sets the same field of the same conversation. */
export function laterOf(command: Command): Command[] {
  const about = aboutOf(command);
  if (about.type !== "change") return [];
  return queue.get().filter((each) => {
    const other = aboutOf(each);
    return each.id !== command.id && each.lane === command.lane && each.at > command.at && other.type === "change" && other.change.field === about.change.field;
  });
}
