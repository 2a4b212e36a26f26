import { expect, it } from "vitest";
import { waitBefore } from "./live";

it("waits longer each time, at most twenty seconds, never less than half", () => {
  expect(waitBefore(0, 0)).toBe(250);
  expect(waitBefore(0, 1)).toBe(500);
  expect(waitBefore(3, 0)).toBe(2000);
  expect(waitBefore(30, 1)).toBe(20_000);
});

it("RT-08: a thousand screens that lost the server at once come back one by one, and all within a minute", () => {
  const screens = 1000;
  for (let tries = 0; tries < 8; tries++) {
    const waits = Array.from({ length: screens }, (_, n) => waitBefore(tries, n / screens));
    const full = waitBefore(tries, 1);
    const slots = new Map<number, number>();
    for (const wait of waits) {
      const slot = Math.floor((wait / full) * 20);
      slots.set(slot, (slots.get(slot) ?? 0) + 1);
    }
    expect(Math.max(...slots.values())).toBeLessThanOrEqual(screens / 9); // spread over ten slots, none has more than its share
    expect(Math.max(...waits)).toBeLessThan(60_000);
  }
  const chances = new Set(Array.from({ length: 50 }, () => waitBefore(3)));
  expect(chances.size).toBeGreaterThan(40); // left to chance unless a test says otherwise
});
