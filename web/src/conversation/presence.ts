import { useEffect, useRef } from "react";
import { memory, useMemory } from "../app/memory";
import { api } from "../client/fetch";
import type { PresenceState } from "../client/nouns";

export type Present = { id: number; state: PresenceState };

const VIEWING_AFTER_MS = 1000;
const REPLYING_FOR_MS = 6000;
const REFRESH_MS = 3000;
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

/** Tells teammates that I look at this conversation; the function it gives says that I am writing. */
export function useAnnouncePresence(conversationId: number): () => void {
  const lastWrote = useRef(0);
  const lastSaid = useRef(0);
  useEffect(() => {
    lastWrote.current = 0;
    const first = window.setTimeout(() => announce(conversationId, "viewing"), VIEWING_AFTER_MS);
    let lastMoved = Date.now();
    let said: PresenceState = "viewing";
    const moved = () => (lastMoved = Date.now());
    const timer = window.setInterval(() => {
      const now = Date.now();
      const state = now - lastMoved > IDLE_AFTER_MS || document.hidden ? "idle" : now - lastWrote.current < REPLYING_FOR_MS ? "replying" : "viewing";
      if (state !== said || (state === "viewing" && now - lastSaid.current > 20_000)) announce(conversationId, state);
      if (state !== said) lastSaid.current = now;
      said = state;
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

  return () => {
    const now = Date.now();
    lastWrote.current = now;
    if (now - lastSaid.current < REFRESH_MS) return;
    lastSaid.current = now;
    announce(conversationId, "replying");
  };
}
