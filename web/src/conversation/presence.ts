import { useEffect, useRef } from "react";
import { memory, useMemory } from "../app/memory";
import { api } from "../client/fetch";
import type { PresenceState } from "../client/nouns";

export type Present = { id: number; state: PresenceState };

const VIEWING_AFTER_MS = 1000;
const REPLYING_FOR_MS = 6000;
const REFRESH_MS = 3000;
const STILL_HERE_MS = 20_000;
const IDLE_AFTER_MS = 5 * 60_000;

const presence = memory<Record<number, Present[]>>({});
const nobody: Present[] = [];

export function heardPresence(conversationId: number, others: Present[]) {
  presence.set((now) => ({ ...now, [conversationId]: others.filter((other) => other.state !== "idle") }));
}

/** Teammates who look at, or write in, a conversation now. */
export function usePresence(conversationId: number): Present[] {
  return useMemory(presence)[conversationId] ?? nobody;
}

function announce(conversationId: number, state: PresenceState) {
  api.put(`/conversations/${conversationId}/presence`, { state }).catch(() => {});
}

/** What I am writing; nothing any more once it is sent. A note is told to teammates alone, a reply to the visitor of a chat too. */
export type Wrote = "reply" | "note" | null;

/** Tells that I look at this conversation; the function it gives says that I am writing. */
export function useAnnouncePresence(conversationId: number): (wrote: Wrote) => void {
  const lastWrote = useRef(0);
  const writing = useRef<PresenceState>("replying");
  const lastTold = useRef(0);
  const lastSaid = useRef(0);
  useEffect(() => {
    lastWrote.current = 0;
    const first = window.setTimeout(() => lastWrote.current === 0 && announce(conversationId, "viewing"), VIEWING_AFTER_MS);
    let lastMoved = Date.now();
    let said: PresenceState = "viewing";
    const moved = () => (lastMoved = Date.now());
    const timer = window.setInterval(() => {
      const now = Date.now();
      const state = now - lastMoved > IDLE_AFTER_MS || document.hidden ? "idle" : now - lastWrote.current < REPLYING_FOR_MS ? writing.current : "viewing";
      if (state === said && !(state === "viewing" && now - lastSaid.current > STILL_HERE_MS)) return;
      said = state;
      lastSaid.current = now;
      announce(conversationId, state);
    }, REFRESH_MS);
    window.addEventListener("pointermove", moved);
    window.addEventListener("keydown", moved);
    return () => {
      window.clearTimeout(first);
      window.clearInterval(timer);
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("keydown", moved);
      announce(conversationId, "idle");
    };
  }, [conversationId]);

  return (wrote) => {
    const now = Date.now();
    const state = wrote === "note" ? "noting" : "replying";
    if (!wrote) {
      if (lastWrote.current === 0) return;
      lastWrote.current = 0;
      lastTold.current = 0; // so that the next word is told at once
      return announce(conversationId, "viewing");
    }
    lastWrote.current = now;
    if (state === writing.current && now - lastTold.current < REFRESH_MS) return;
    writing.current = state;
    lastTold.current = now;
    announce(conversationId, state);
  };
}
