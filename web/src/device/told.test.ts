import { expect, it } from "vitest";
import { mayPlay } from "./sound";
import { titled } from "./told";

it.each([[0, "Rapport"], [1, "(1) Rapport"], [99, "(99) Rapport"], [100, "(99+) Rapport"]])("%i unseen: %s", (unseen, want) => expect(titled("Rapport", unseen)).toBe(want));
it("sounds at most once in three seconds", () => {
  expect(mayPlay(0, -Infinity)).toBe(true);
  expect(mayPlay(2999, 0)).toBe(false);
  expect(mayPlay(3000, 0)).toBe(true);
});
