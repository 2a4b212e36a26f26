import { useEffect } from "react";
import { beginsSequence, commandFor } from "./commands";

const SEQUENCE_MS = 1200;
const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** Keys as this machine writes them: ⌘K, or Ctrl K. */
export function shownKeys(keys: string): string {
  const first = keys.split("|")[0]!;
  return isApple ? first : first.replace("⌘", "Ctrl ").replace("⌥", "Alt ");
}

/** A key press in our notation; letters by what is printed, or by place on keyboards without Latin letters. */
export function notation(event: KeyboardEvent): string {
  const named: Record<string, string> = { Enter: "↵", Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑" };
  const printed = [...event.key].length === 1 ? event.key : "";
  const isLatin = printed !== "" && printed.charCodeAt(0) < 128;
  const byPlace = /^Key([A-Z])$/.exec(event.code)?.[1];
  const key = named[event.key] ?? (isLatin ? printed.toUpperCase() : (byPlace ?? printed));
  const mod = isApple ? event.metaKey : event.ctrlKey;
  const shift = event.shiftKey && (/^[A-Z]$/.test(key) || key === "↵");
  return `${mod ? "⌘" : ""}${event.altKey ? "⌥" : ""}${shift ? "⇧" : ""}${key}`;
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && target.getAttribute("type") !== "checkbox";
}

const storageKey = "rapport.single-keys";

/** Single-letter keys can be switched off (WCAG 2.1.4). */
export const singleKeys = {
  on: () => localStorage.getItem(storageKey) !== "off",
  set: (on: boolean) => localStorage.setItem(storageKey, on ? "on" : "off"),
};

const HOLD_MS = 3000;
let held: string | null = null;

/**
 * A place to write is about to appear: what is typed until then is meant for it and runs no command.
 * Whoever appears takes it with takeHeldKeys; nobody coming, it is dropped.
 */
export function holdKeys() {
  held = "";
  window.setTimeout(takeHeldKeys, HOLD_MS);
}

export function takeHeldKeys(): string {
  const typed = held ?? "";
  held = null;
  return typed;
}

/** Listens for keys on the whole page and runs what they are bound to. */
export function useKeyboard() {
  useEffect(() => {
    let first = "";
    let timer = 0;
    function pressed(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open], [role=menu], .popover")) return;
      const keys = notation(event);
      if (held !== null && !isEditable(event.target) && !event.metaKey && !event.ctrlKey && [...event.key].length === 1) {
        held += event.key;
        return event.preventDefault();
      }
      const withModifier = /^[⌘⌥]/.test(keys);
      if (!withModifier && keys !== "Esc" && (isEditable(event.target) || !singleKeys.on())) return;
      if (keys === "⌘A" && isEditable(event.target)) return; // all of what is written there
      if (event.target instanceof HTMLElement && keys === "↵" && event.target.closest("a, button")) return;
      const command = (first && commandFor(`${first} ${keys}`)) || commandFor(keys);
      first = "";
      if (command) {
        event.preventDefault();
        command.run();
      } else if (!withModifier && beginsSequence(keys)) {
        first = keys;
        window.clearTimeout(timer);
        timer = window.setTimeout(() => (first = ""), SEQUENCE_MS);
      }
    }
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}
