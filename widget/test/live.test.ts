import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Live, waitBefore } from "../src/core/live";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("RT-08: three hundred pages whose server is deployed come back spread out, less and less often, and all within a minute", async () => {
  const dialled: number[] = [];
  let up = false;
  let open = 0;
  const closers: (() => void)[] = [];
  class Socket {
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    onclose?: (event?: { code: number }) => void;
    constructor() {
      dialled.push(Date.now());
      setTimeout(() => {
        if (!up) return this.onclose?.();
        this.onopen?.();
        this.onmessage?.({ data: '{"type":"hello"}' });
        open++;
        closers.push(() => this.onclose?.({ code: 1001 }));
      }, 10);
    }
    close() {}
  }
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  up = true;
  const pages = 300;
  for (let n = 0; n < pages; n++) new Live("http://support.test/live", () => "t", () => {}, () => {}, () => {}).start();
  await vi.advanceTimersByTimeAsync(100);
  expect(open).toBe(pages);

  up = false;
  dialled.length = 0;
  const gone = Date.now();
  for (const close of closers.splice(0)) close();
  await vi.advanceTimersByTimeAsync(15_000);
  const slots = new Map<number, number>(); // of a tenth of a second
  for (const at of dialled) slots.set(Math.floor((at - gone) / 100), (slots.get(Math.floor((at - gone) / 100)) ?? 0) + 1);
  expect(slots.get(0) ?? 0).toBe(0);
  expect(Math.max(...slots.values())).toBeLessThan(pages * 0.6);
  const within = (from: number, to: number) => dialled.filter((at) => at - gone >= from && at - gone < to).length;
  expect(within(10_000, 15_000)).toBeLessThan(within(0, 5_000) / 2);

  up = true;
  open = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open).toBe(pages);
});

it("RT-08: half of every wait is left to chance", () => {
  expect([waitBefore(0, 0), waitBefore(0, 1), waitBefore(3, 0), waitBefore(30, 1)]).toEqual([250, 500, 2000, 20_000]);
  expect(new Set(Array.from({ length: 50 }, () => waitBefore(3))).size).toBeGreaterThan(40);
});
