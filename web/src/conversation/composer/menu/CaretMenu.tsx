import type { Editor } from "@tiptap/react";
import { useEffect, useId, useRef, useState, type CSSProperties, type ReactNode } from "react";
import type { Typed } from "./useCaret";

/** Something that can be put where the caret is, or done from there. */
export type Offer = {
  key: string; group?: string; mark?: ReactNode; label: string; sub?: ReactNode; language?: string;
  /** What it will be, shown beside the list while it is chosen. */
  aside?: () => ReactNode; take: (at: Typed) => void;
};

type MenuProps = { editor: Editor; at: Typed; label: string; offers: Offer[]; onLeave: () => void; head?: ReactNode; wide?: boolean };

const WIDE = 560;
const SLIM = 280;
const LEAST_ABOVE = 260;

/** A list at the caret while the hands stay in the text: arrows choose, Enter or Tab takes, Esc leaves what is typed as it is. */
export function CaretMenu({ editor, at, label, offers, onLeave, head, wide }: MenuProps) {
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const now = Math.min(chosen, offers.length - 1);
  const open = offers.length > 0;
  useEffect(() => setChosen(0), [at.typed]);
  useEffect(() => void list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [now]);
  useEffect(() => {
    if (!open) return;
    const { dom } = editor.view;
    dom.setAttribute("aria-controls", id);
    dom.setAttribute("aria-activedescendant", `${id}-${now}`);
    const keyed = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown") setChosen((now + 1) % offers.length);
      else if (event.key === "ArrowUp") setChosen((now + offers.length - 1) % offers.length);
      else if ((event.key === "Enter" || event.key === "Tab") && !event.metaKey && !event.ctrlKey && !event.shiftKey) offers[now]!.take(at);
      else if (event.key === "Escape") onLeave();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    dom.addEventListener("keydown", keyed, true);
    return () => {
      dom.removeEventListener("keydown", keyed, true);
      dom.removeAttribute("aria-controls");
      dom.removeAttribute("aria-activedescendant");
    };
  });
  if (!open) return null;
  const aside = offers[now]?.aside?.();
  return (
    <div className={wide ? "popover caret-menu wide" : "popover caret-menu"} style={placeOf(editor, at.from, wide ? WIDE : SLIM)} onMouseDown={(event) => event.preventDefault()}>
      {aside && <div className="caret-aside">{aside}</div>}
      <div className="caret-list">
        {head}
        <div className="options" role="listbox" id={id} aria-label={label} ref={list}>
          {offers.map((offer, n) => (
            <div key={offer.key} role="presentation">
              {offer.group && offer.group !== offers[n - 1]?.group && <p className="option-head" role="presentation">{offer.group}</p>}
              <div id={`${id}-${n}`} className="option" role="option" aria-selected={n === now} onPointerMove={() => setChosen(n)} onClick={() => offer.take(at)}>
                {offer.mark}
                <span className="cut" dir="auto" lang={offer.language}>{offer.label}</span>
                {offer.sub && <span className="sub">{offer.sub}</span>}
              </div>
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Above the line of the caret, where there is room; never past the edge of the window. */
function placeOf(editor: Editor, from: number, width: number): CSSProperties {
  const caret = editor.view.coordsAtPos(from);
  const start = getComputedStyle(editor.view.dom).direction === "rtl" ? window.innerWidth - caret.right : caret.left;
  const place = { insetInlineStart: Math.max(8, Math.min(start, window.innerWidth - width - 8)) };
  const above = caret.top - 16;
  if (above >= LEAST_ABOVE || above > window.innerHeight - caret.bottom) return { ...place, insetBlockEnd: window.innerHeight - caret.top + 6, maxBlockSize: above };
  return { ...place, insetBlockStart: caret.bottom + 6, maxBlockSize: window.innerHeight - caret.bottom - 16 };
}
