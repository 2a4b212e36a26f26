import { useEffect, useState } from "react";
import { useCommands } from "../app/commands";
import type { Conversation } from "../client/nouns";
import { t } from "../i18n";
import { useAhead } from "./useAhead";

/** Moving in the list: J and K move, and while a conversation is open they open the next one. Neighbours are read ahead. */
export function useListCommands(rows: Conversation[], openId: number | null, onOpen: (id: number | null) => void) {
  const [at, setAt] = useState(0);
  const openAt = rows.findIndex((row) => row.id === openId);
  const cursor = Math.max(0, Math.min(at, rows.length - 1));

  useEffect(() => {
    if (openAt < 0) return;
    setAt(openAt);
  }, [openAt, openId]);
  useAhead(rows, openAt < 0 ? cursor : openAt, openAt >= 0);

  function step(by: number) {
    const next = Math.max(0, Math.min(rows.length - 1, cursor + by));
    setAt(next);
    const row = rows[next];
    if (openId !== null && row && row.id !== openId) onOpen(row.id);
  }
  useCommands([
    { id: "list.next", label: t("command.next"), keys: "J|↓", group: "list", keyOnly: true, run: () => step(1) },
    { id: "list.previous", label: t("command.previous"), keys: "K|↑", group: "list", keyOnly: true, run: () => step(-1) },
    { id: "list.open", label: t("command.open"), keys: "O|↵", group: "list", keyOnly: true, run: () => rows[cursor] && onOpen(rows[cursor].id) },
    { id: "list.back", label: t("command.back"), keys: "U|Esc", group: "list", keyOnly: true, run: () => leave(onOpen) },
  ]);
  return { at: cursor, move: setAt };
}

/** Esc first leaves a field, then the conversation. */
function leave(onOpen: (id: null) => void) {
  const active = document.activeElement;
  if (active instanceof HTMLElement && (active.isContentEditable || /^(INPUT|TEXTAREA)$/.test(active.tagName))) active.blur();
  else onOpen(null);
}
