import { expect, it } from "vitest";
import { swipeOf } from "./swipe";

it.each([
  // dx, dy, begun, right to left, side, ready
  [8, 0, false, false, null, false],
  [30, 40, false, false, null, false],
  [30, 10, false, false, "end", false],
  [-30, 10, false, false, "start", false],
  [30, 80, true, false, "end", false],
  [120, 20, true, false, "end", true],
  [-120, 20, true, false, "start", true],
  [120, 20, true, true, "start", true],
  [-120, 20, true, true, "end", true],
  [0, 5, true, false, null, false],
] as const)("%i to the side and %i down", (dx, dy, swiping, rightToLeft, side, ready) =>
  expect(swipeOf(dx, dy, swiping, 390, rightToLeft)).toMatchObject({ side, ready }));

it("follows the finger, and more slowly when that is enough", () => {
  expect(swipeOf(60, 0, true, 390, false).offset).toBe(60);
  expect(swipeOf(300, 0, true, 390, false).offset).toBeLessThan(200);
  expect(swipeOf(-5000, 0, true, 390, false).offset).toBe(-390);
});
