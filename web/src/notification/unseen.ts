import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { memory, useMemory } from "../app/memory";
import { api } from "../client/fetch";
import { withWords } from "../i18n";
import type { Frame, NewestOne, Notifications } from "../client/nouns";

export const notificationKeys = {
  all: ["notification"] as const,
  list: ["notification", "list"] as const,
  settings: ["notification", "settings"] as const,
  push: ["notification", "push"] as const,
};

const unseen = memory(0);
const listeners = new Set<(newest: NewestOne) => void>();

/** How many conversations hold something that I was told of and have not seen. */
export function useUnseen(): number {
  return useMemory(unseen);
}

/** Calls back with each notification as it arrives: its event, its conversation, and whether it is to be heard. */
export function onNotification(listener: (newest: NewestOne) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Which frame changes which keys of this room. */
export function notificationLive(frame: Frame, client: QueryClient) {
  if (frame.type === "notification") {
    unseen.set(frame.unseen);
    for (const listener of listeners) if (frame.newest) listener(frame.newest);
    void client.invalidateQueries({ queryKey: notificationKeys.list });
  }
  if (frame.type === "hello") void count(); // what happened before this screen listened, no frame tells
  if (frame.type === "reset" || frame.type === "gone") void client.invalidateQueries({ queryKey: notificationKeys.list }).then(count);
}

async function count() {
  const answer = await api.get<Notifications>("/notifications", { limit: 1 }).catch(() => null);
  if (answer) unseen.set(answer.unseen);
}

/** Marks as seen what I was told of one conversation, or of all. */
export async function see(conversationId: number | null) {
  const left = await api.put<{ unseen: number }>("/notifications/seen", { conversation_id: conversationId });
  unseen.set(left.unseen);
}

/** The conversation that is open. */
export function openConversation(path: string): number | null {
  const id = /^\/c\/(\d+)/.exec(path)?.[1];
  return id ? Number(id) : null;
}

const AGAIN_MS = 5 * 60_000;

/** Keeps the count true: it is read at the start and now and then, since frames may be lost, and what is open on a visible screen is seen. */
export function useNotifications() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const open = openConversation(useLocation().pathname);
  const some = useUnseen();
  useEffect(() => {
    void count();
    const timer = window.setInterval(() => void count(), AGAIN_MS);
    return () => window.clearInterval(timer);
  }, []);
  useEffect(() => {
    if (open === null || some === 0) return;
    const mark = () => {
      if (!document.hidden) void see(open).then(() => client.invalidateQueries({ queryKey: notificationKeys.list }), () => {});
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [open, some, client]);
  useEffect(() => onNotification((newest) => {
    if (newest.shown && openConversation(window.location.pathname) !== newest.conversation_id) void withWords("desk", import("./toast")).then(({ toast }) => toast(newest, (id) => void navigate({ to: "/c/$id", params: { id: String(id) } })));
  }), [navigate]);
}
