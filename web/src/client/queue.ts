import { memory, useMemory } from "../app/memory";
import type { Meanwhile } from "./nouns";
import { Problem } from "./problem";

/** Something a person has done that the server is to be told, once, under its id. */
export type Command = {
  id: string;
  /** Among those of one lane, here of a conversation, the order is kept. */
  lane: number;
  at: number;
  owner: string;
  method: "PUT" | "POST";
  path: string;
  body: Record<string, unknown>;
  tries: number;
  /** What the room needs to show it and to explain what became of it. */
  about: Record<string, unknown>;
  /** Somebody else has set this meanwhile: a person has to choose. */
  held?: Meanwhile;
};

export type Outcome = { state: "done"; answer: unknown } | { state: "refused"; error: Problem } | { state: "waiting" };

/** What a room does with its commands. Those that nobody waits for any more end here. */
export type Room = {
  show: (command: Command) => void;
  done: (command: Command, answer: unknown) => void;
  refused: (command: Command, error: Problem) => void;
  overtaken: (command: Command, now: Meanwhile) => void;
};

/** All that the server has not been told yet, oldest first, and whether it could not be reached when it was tried last. */
export const queue = memory<Command[]>([]);
export const away = memory(false);

let owner = "";
let room: (() => Promise<Room>) | null = null;
const awaited = new Map<string, (outcome: Outcome) => void>();
let lastAt = 0;

export const readSending = () => import("./sending");

/** An id that nobody else makes; browsers make one themselves only where the page came by https. */
export function newId(): string {
  return window.isSecureContext ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Begins to send for whoever has signed in, with what an earlier session has left behind. */
export function openQueue(whose: string, forRoom: () => Promise<Room>) {
  room = forRoom;
  if (owner === whose) return;
  owner = whose;
  queue.set([]);
  void readSending().then(({ start }) => start(whose)).catch(() => {});
}

export const queueOwner = () => owner;
export const queueRoom = async () => room?.();

/** Takes a command and answers when the server has, or when it cannot be reached: then it goes later, also after the browser was closed. */
export function enqueue({ unwatched, ...command }: Pick<Command, "lane" | "method" | "path" | "body" | "about"> & { id?: string; /** What becomes of it is for the room alone. */ unwatched?: boolean }): Promise<Outcome> {
  lastAt = Math.max(Date.now(), lastAt + 1);
  const whole: Command = { id: newId(), ...command, at: lastAt, owner, tries: 0 };
  queue.set((now) => [...now, whole]);
  return new Promise((resolve) => {
    if (!unwatched) awaited.set(whole.id, resolve);
    void readSending().then(({ take }) => take(whole));
  });
}

/** Tells whoever waits for a command, once; false when nobody does any more. */
export function tell(id: string, outcome: Outcome): boolean {
  const waits = awaited.get(id);
  awaited.delete(id);
  waits?.(outcome);
  return waits !== undefined;
}

/** Whether this message, by its client id, is to be sent when the server can be reached. */
export function useWaits(id: string | null): boolean {
  const waits = useMemory(queue).some((command) => command.id === id);
  return useMemory(away) && waits;
}
