import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../parts/icons";

/** The few things one seldom wants: a button, and a list that the arrows walk. */
export function Menu({ label, items }: { label: string; items: [string, () => void][] }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const entries = () => [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  useEffect(() => {
    if (open) entries()[0]?.focus();
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  function key(event: KeyboardEvent) {
    const all = entries();
    const at = all.findIndex((each) => each === event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape" && open) close();
    else if (to !== undefined && open) all.at(to % all.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div class="menu" onKeyDown={key} onFocusOut={(event) => { if (open && !(event.currentTarget as Element).contains(event.relatedTarget as Node | null)) setOpen(false); }}>
      <button class="ib" ref={button} aria-label={label} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name="more" /></button>
      {open && (
        <div role="menu" aria-label={label} ref={box}>
          {items.map(([name, act]) => <button role="menuitem" tabIndex={-1} key={name} onClick={() => { close(); act(); }}>{name}</button>)}
        </div>
      )}
    </div>
  );
}
