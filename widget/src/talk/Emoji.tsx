import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../parts/desk";

const all = [..."😀😄😅😂🙂😉😊😍🥰😘🤗🤔😐😕😟😢😭😡😱😴🤒🙈👍👎👏🙏👋🤝💪👌✌❤💛💚💙💔🎉🎁🔥⭐✅❌❓⏰📦🚚🐶🐱"];
const COLUMNS = 8;

/** A few dozen that people use, one stop for Tab, arrows inside. */
export function Emoji({ choose, close }: { choose(letter: string): void; close(): void }) {
  const { words: { t } } = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const focus = (at: number) => (box.current?.children[at] as HTMLElement | undefined)?.focus();
  useEffect(() => focus(0), []);
  const key = (event: KeyboardEvent, at: number) => {
    const forward = getComputedStyle(box.current!).direction === "rtl" ? -1 : 1;
    const step = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step) focus(Math.min(all.length - 1, Math.max(0, at + step)));
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="emoji" role="group" aria-label={t("emoji")} ref={box}>
      {all.map((letter, at) => <button type="button" key={letter} tabIndex={at ? -1 : 0} onKeyDown={(event) => key(event, at)} onClick={() => choose(letter)}>{letter}</button>)}
    </div>
  );
}
