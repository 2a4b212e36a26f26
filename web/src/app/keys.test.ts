import { expect, it } from "vitest";
import { notation } from "./keys";

const press = (key: string, change: KeyboardEventInit = {}) => notation(new KeyboardEvent("keydown", { key, ...change }));

it.each([
  ["e", {}, "E"],
  ["E", { shiftKey: true }, "⇧E"],
  ["?", { shiftKey: true }, "?"],
  ["!", { shiftKey: true }, "!"],
  ["Enter", { ctrlKey: true }, "⌘↵"],
  ["Enter", { ctrlKey: true, shiftKey: true }, "⌘⇧↵"],
  ["k", { ctrlKey: true }, "⌘K"],
  ["ㅓ", { code: "KeyJ" }, "J"],
  ["ф", { code: "KeyA" }, "A"],
  ["Escape", {}, "Esc"],
  ["ArrowDown", {}, "↓"],
] as const)("%s %o is %s", (key, change, keys) => expect(press(key, change)).toBe(keys));
