import { memory } from "../../app/memory";

const storageKey = "rapport.enter-sends";

/** Whether Enter sends in a chat, as people are used to there. Kept in this browser; Ctrl or ⌘ with Enter sends in any case. */
export const enterSends = memory(localStorage.getItem(storageKey) !== "off");

enterSends.subscribe(() => localStorage.setItem(storageKey, enterSends.get() ? "on" : "off"));

type Pressed = { key: string; shiftKey: boolean; altKey: boolean; ctrlKey: boolean; metaKey: boolean; isComposing: boolean; keyCode: number };
const COMPOSING = 229; // what some browsers say instead of isComposing for the Enter that ends a Korean syllable

/** Enter alone, and not the one that ends a syllable. */
export function isBareEnter(event: Pressed): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing && event.keyCode !== COMPOSING;
}
