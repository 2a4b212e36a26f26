import { useVirtualizer } from "@tanstack/react-virtual";
import { lazy, Suspense, useCallback, useEffect, useRef, type RefObject } from "react";
import type { Conversation } from "../../client/nouns";
import { withWords } from "../../i18n";
import { useMemory } from "../../app/memory";
import { density, rowHeights } from "../density";
import type { Column } from "../savedViews";
import { ListRow } from "./ListRow";

type RowsProps = {
  scroller: RefObject<HTMLDivElement | null>; rows: Conversation[]; chosen: ReadonlySet<number>; onPick: ((index: number, range: boolean) => void) | null; label: string; openId: number | null; cursor: number; onCursor: (at: number) => void;
  view: string; columns: Column[]; myId: number; onOpen: (id: number) => void; onEnd: () => void;
};

const Swipes = matchMedia("(any-pointer: coarse)").matches && lazy(() => withWords("desk", import("../../device/Swipes")));
const NEAR_END = 12;

/** Only the rows that can be seen, however many there are. One of them is in the tab order. */
export function VirtualRows({ scroller, rows, chosen, onPick, label, openId, cursor, onCursor, view, columns, myId, onOpen, onEnd }: RowsProps) {
  const dense = useMemory(density);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeights[dense], overscan: 8, getItemKey: (n) => rows[n]!.id });
  useEffect(() => virtual.measure(), [dense, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const lastCursor = useRef(cursor);
  const latest = useRef({ onCursor, onOpen, onPick });
  latest.current = { onCursor, onOpen, onPick };
  const open = useCallback((index: number, id: number) => {
    latest.current.onCursor(index);
    latest.current.onOpen(id);
  }, []);
  const pick = useCallback((index: number, range: boolean) => latest.current.onPick?.(index, range), []);
  useEffect(() => {
    if (last >= rows.length - NEAR_END) onEnd();
  });
  useEffect(() => {
    if (cursor === lastCursor.current) return;
    lastCursor.current = cursor;
    virtual.scrollToIndex(cursor, { align: "auto" });
    if (scroller.current?.contains(document.activeElement)) {
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${cursor}"]`)?.focus());
    }
  }, [cursor, virtual, scroller]);

  return (
    <div className="list" data-density={dense} ref={scroller} role="listbox" aria-label={label} data-choosing={chosen.size > 0}>
      <div style={{ blockSize: virtual.getTotalSize(), position: "relative" }} role="presentation">
        {Swipes && <Suspense><Swipes list={scroller} rows={rows} /></Suspense>}
        {items.map((item) => {
          const row = rows[item.index]!;
          return (
            <ListRow
              key={item.key} conversation={row} index={item.index} total={rows.length} top={item.start} isOpen={row.id === openId} isCursor={item.index === cursor}
              view={view} columns={columns} wide={dense === "comfortable"} myId={myId} onOpen={open} isChosen={chosen.has(row.id)} onPick={onPick ? pick : null}
            />
          );
        })}
      </div>
    </div>
  );
}
