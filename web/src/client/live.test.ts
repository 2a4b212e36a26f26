import { expect, it } from "vitest";
import { waitBefore } from "./live";

it("waits longer each time, at most twenty seconds, never less than half", () => {
  expect(waitBefore(0, 0)).toBe(250);
  expect(waitBefore(0, 1)).toBe(500);
  expect(waitBefore(3, 0)).toBe(2000);
  expect(waitBefore(30, 1)).toBe(20_000);
});
