import { Icon, type IconName } from "@rapport/ui";
import { useEffect, useRef, useState, type RefObject } from "react";
import type { Conversation } from "../client/nouns";
import { snoozeChoices } from "../conversation/snooze";
import { useChange } from "../conversation/useChange";
import type { Change } from "../conversation/change";
import { t } from "../i18n";
import { until } from "../i18n/dates";
import { swipeOf, type Side } from "./swipe";

type Ground = { top: number; height: number; side: Side; ready: boolean; icon: IconName; words: string };
type What = { change: Change; icon: IconName; words: string };

/**
 * A finger on a row: towards its end snoozes until tomorrow, towards its beginning closes, or opens again what is closed.
 * Below the row stands what letting go will do. Both can be taken back, and both are buttons in the conversation.
 */
export default function Swipes({ list, rows }: { list: RefObject<HTMLDivElement | null>; rows: Conversation[] }) {
  const [ground, setGround] = useState<Ground | null>(null);
  const change = useChange();
  const latest = useRef({ rows, change });
  latest.current = { rows, change };

  useEffect(() => {
    const box = list.current;
    if (!box) return;
    let row: HTMLElement | null = null;
    let from = { x: 0, y: 0 };
    let swiping = false;
    let shown = "";

    function down(event: PointerEvent) {
      if (event.pointerType !== "touch" || !event.isPrimary) return;
      row = (event.target as Element).closest<HTMLElement>(".row");
      from = { x: event.clientX, y: event.clientY };
      swiping = false;
    }
    function moved(event: PointerEvent) {
      if (!row || !event.isPrimary) return;
      const { side, ready, offset } = swipe(event);
      if (!swiping && !side) return;
      if (!swiping) row.setPointerCapture(event.pointerId);
      swiping = true;
      row.style.translate = `${offset}px`;
      if (shown === `${side}${ready}`) return;
      if (ready) navigator.vibrate?.(8);
      shown = `${side}${ready}`;
      const what = side && whatOf(conversationOf(row), side);
      setGround(what ? { top: row.offsetTop + translated(row), height: row.offsetHeight, side, ready, icon: what.icon, words: what.words } : null);
    }
    function up(event: PointerEvent) {
      if (!row || !event.isPrimary) return;
      const { side, ready } = swipe(event);
      const what = event.type === "pointerup" && swiping && side && ready ? whatOf(conversationOf(row), side) : undefined;
      if (what) latest.current.change(conversationOf(row)!.id, what.change);
      row.style.removeProperty("translate");
      if (swiping) box!.addEventListener("click", stop, { capture: true, once: true });
      if (swiping) window.setTimeout(() => box!.removeEventListener("click", stop, { capture: true }), 100);
      row = null;
      shown = "";
      setGround(null);
    }
    const swipe = (event: PointerEvent) => swipeOf(event.clientX - from.x, event.clientY - from.y, swiping, box.offsetWidth, document.dir === "rtl");
    const conversationOf = (of: HTMLElement) => latest.current.rows[Number(of.dataset["index"])];
    const listeners = [["pointerdown", down], ["pointermove", moved], ["pointerup", up], ["pointercancel", up]] as const;
    for (const [name, listener] of listeners) box.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) box.removeEventListener(name, listener);
    };
  }, [list]);

  if (!ground) return null;
  return (
    <div className="swipe" data-side={ground.side} data-ready={ground.ready} style={{ insetBlockStart: ground.top, blockSize: ground.height }} aria-hidden="true">
      <Icon name={ground.icon} size={20} />
      <span>{ground.words}</span>
    </div>
  );
}

/** Rows are put in their place by a transform. */
const translated = (row: HTMLElement) => new DOMMatrix(getComputedStyle(row).transform).f;

const stop = (event: Event) => {
  event.preventDefault();
  event.stopPropagation();
};

function whatOf(conversation: Conversation | undefined, side: Side): What | undefined {
  if (!conversation) return undefined;
  if (side === "end") {
    const at = snoozeChoices(new Date()).find(({ key }) => key === "tomorrow")!.at.toISOString();
    return { change: { field: "snooze", snoozed_until: at }, icon: "snooze", words: t("device.snooze", { time: until(at) }) };
  }
  if (conversation.status === "closed") return { change: { field: "status", status: "open" }, icon: "inbox", words: t("action.reopen") };
  return { change: { field: "status", status: "closed" }, icon: "check", words: t("action.closeConversation") };
}
