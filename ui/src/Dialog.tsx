import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { IconButton } from "./Button";
import { Layer } from "./layer";

type DialogProps = { title: string; closeLabel: string; onClose: () => void; wide?: boolean; /** Enter in a field presses the filled button. */ enterSends?: boolean; foot?: ReactNode; children: ReactNode };

/** The browser's own modal dialog: focus stays inside, Esc closes, the rest of the page is inert. Mounted means open. */
export function Dialog({ title, closeLabel, onClose, wide, enterSends, foot, children }: DialogProps) {
  const box = useModal(onClose);
  const [layer, setLayer] = useState<HTMLElement | null>(null);
  useEffect(() => setLayer(box.current), [box]);
  function keyed(event: KeyboardEvent) {
    const inField = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
    if (!enterSends || event.key !== "Enter" || !inField || event.nativeEvent.isComposing) return;
    event.preventDefault();
    box.current?.querySelector<HTMLButtonElement>(".dialog-foot .primary")?.click();
  }
  return (
    <dialog ref={box} className={wide ? "dialog wide" : "dialog"} aria-label={title}>
      <Layer value={layer}>
        <header className="dialog-head">
          <h2>{title}</h2>
          <IconButton icon="x" label={closeLabel} onClick={onClose} />
        </header>
        <div className="dialog-body" tabIndex={-1} onKeyDown={keyed}>{children}</div>
        {foot && <footer className="dialog-foot">{foot}</footer>}
      </Layer>
    </dialog>
  );
}

/** Opens a dialog element while it is mounted, with the focus on what is marked data-first or else the first field; closes on Esc and on a press outside; focus returns where it was. */
export function useModal(onClose: () => void) {
  const box = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    const before = document.activeElement;
    const cancelled = (event: Event) => {
      event.preventDefault();
      close.current();
    };
    const pressed = (event: PointerEvent) => {
      if (event.target === dialog) close.current();
    };
    dialog.addEventListener("cancel", cancelled);
    dialog.addEventListener("pointerdown", pressed);
    dialog.showModal();
    (dialog.querySelector<HTMLElement>("[data-first]") ?? dialog.querySelector<HTMLElement>("input, textarea, select") ?? dialog.querySelector<HTMLElement>(".dialog-body"))?.focus();
    return () => {
      dialog.removeEventListener("cancel", cancelled);
      dialog.removeEventListener("pointerdown", pressed);
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return box;
}
