import { expect, it } from "vitest";
import { around } from "./useAhead";

it("reads five on each side, the nearest first, and stops at the ends", () => {
  const rows = Array.from({ length: 20 }, (_, n) => n);
  expect(around(rows, 10)).toEqual([11, 9, 12, 8, 13, 7, 14, 6, 15, 5]);
  expect(around(rows, 0)).toEqual([1, 2, 3, 4, 5]);
  expect(around(rows, 19)).toEqual([18, 17, 16, 15, 14]);
  expect(around([], 0)).toEqual([]);
});
