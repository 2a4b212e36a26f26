import { useEffect, useRef } from "react";
import { useCommands } from "../app/commands";
import { useMemory } from "../app/memory";
import { useCan } from "../account/people";
import type { Conversation } from "../client/nouns";
import { t } from "../i18n";
import { clearSelection, selection, spanned, toggled } from "./selection";

/** Choosing several rows: X the one at the cursor, ⇧X up to it from the last, ⌘A all that are read. Another list begins with none. */
export function useSelection(rows: Conversation[], cursor: number, list: string) {
  const chosen = useMemory(selection);
  const anchor = useRef(0);
  const may = useCan("conversation.status");
  useEffect(() => () => void clearSelection(), [list]);
  useEffect(() => void import("../many/many.css"), []); // the boxes, right behind the list

  function pick(index: number, range: boolean) {
    const row = rows[index];
    if (!row) return;
    selection.set((now) => (range ? spanned(now, rows, anchor.current, index) : toggled(now, row.id)));
    anchor.current = index;
  }
  useCommands(!may ? [] : [
    { id: "list.pick", label: t("select.one"), keys: "X", group: "list", icon: "check", run: () => pick(cursor, false) },
    { id: "list.pickRange", label: t("select.range"), keys: "⇧X", group: "list", keyOnly: true, run: () => pick(cursor, true) },
    { id: "list.pickAll", label: t("select.all"), keys: "⌘A", group: "list", icon: "checkTwice", run: () => selection.set({ ids: new Set(rows.map((row) => row.id)), all: false }) },
  ]);
  return { chosen: chosen.ids, pick: may ? pick : null };
}
