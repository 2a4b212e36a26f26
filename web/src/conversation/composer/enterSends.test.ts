import { expect, it } from "vitest";
import { isBareEnter } from "./enterSends";

const press = (more: object) => ({ key: "Enter", shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, isComposing: false, keyCode: 13, ...more });

it.each([
  [{}, true], [{ key: "a", keyCode: 65 }, false], [{ shiftKey: true }, false], [{ ctrlKey: true }, false], [{ metaKey: true }, false], [{ altKey: true }, false],
  [{ isComposing: true }, false], [{ keyCode: 229 }, false],
])("%j sends: %s", (more, sends) => expect(isBareEnter(press(more))).toBe(sends));
