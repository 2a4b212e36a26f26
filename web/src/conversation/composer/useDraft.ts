import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "../../client/fetch";
import type { Draft, DraftKind } from "../../client/nouns";
import { isBlank, localDrafts, type DraftContent } from "../localDrafts";
import { conversationKeys } from "../queries";
import { usePatch } from "../usePatch";

const LOCAL_MS = 300;
const SERVER_MS = 2000;

export type SaveState = "none" | "saving" | "saved" | "local";

/** What is being written, kept in this browser after each short pause and on the server after a longer one, and when one leaves. */
export function useDraft(conversationId: number, kind: DraftKind, initial: DraftContent) {
  const [content, setContent] = useState(initial);
  const [state, setState] = useState<SaveState>("none");
  const now = useRef(initial);
  const timers = useRef({ local: 0, server: 0 });
  const patch = usePatch();
  const client = useQueryClient();
  const known = (draft: Draft | null) => client.setQueryData(conversationKeys.draft(conversationId, kind), draft);

  function saveHere() {
    window.clearTimeout(timers.current.local);
    timers.current.local = 0;
    if (isBlank(now.current)) localDrafts.remove(conversationId, kind);
    else localDrafts.write(conversationId, kind, now.current);
  }
  async function saveThere() {
    window.clearTimeout(timers.current.server);
    timers.current.server = 0;
    const { files, ...words } = now.current;
    const path = `/conversations/${conversationId}/drafts/${kind}`;
    try {
      const saved = isBlank(now.current) ? await api.delete(path) : await api.put<Draft>(path, { ...words, attachment_ids: files.map((file) => file.id) });
      known(isBlank(now.current) ? null : (saved ?? null));
      patch(conversationId, { draft: !isBlank(now.current) });
      setState((old) => (old === "saving" ? (isBlank(now.current) ? "none" : "saved") : old));
    } catch {
      setState("local");
    }
  }
  function change(next: Partial<DraftContent>) {
    now.current = { ...now.current, ...next };
    setContent(now.current);
    setState("saving");
    timers.current.local ||= window.setTimeout(saveHere, LOCAL_MS);
    window.clearTimeout(timers.current.server);
    timers.current.server = window.setTimeout(saveThere, SERVER_MS);
  }
  /** Forgets the draft everywhere, because it has been sent or thrown away. */
  function clear() {
    window.clearTimeout(timers.current.local);
    window.clearTimeout(timers.current.server);
    timers.current = { local: 0, server: 0 };
    localDrafts.remove(conversationId, kind);
    now.current = { ...now.current, text: "", html: "", files: [] };
    setContent(now.current);
    setState("none");
    patch(conversationId, { draft: false });
    known(null); // else what was sent would stand in the composer again
    api.delete(`/conversations/${conversationId}/drafts/${kind}`).catch(() => {});
  }
  /** Lets teammates read it, or no longer. */
  async function share(shared: boolean) {
    const { files, ...words } = now.current;
    known((await api.put<Draft>(`/conversations/${conversationId}/drafts/${kind}`, { ...words, shared, attachment_ids: files.map((file) => file.id) })) ?? null);
  }
  const leave = useRef(() => {});
  leave.current = () => {
    if (timers.current.local) saveHere();
    if (timers.current.server) void saveThere();
  };
  useEffect(() => {
    const hidden = () => document.hidden && leave.current();
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("pagehide", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", hidden);
      leave.current();
    };
  }, []);
  return { content, change, clear, share, state, now: () => now.current };
}
