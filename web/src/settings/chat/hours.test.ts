import { describe, expect, it } from "vitest";
import { copiedToAll, daysOf, oneMore, openingAt, troubleOf, usualWeek, weekdays, weekOf, withDay } from "./hours";

const span = (from: string, to: string) => ({ from, to });

describe("a week", () => {
  it("goes there and back, in order", () => {
    const days = [{ day: 1, ...span("13:00", "17:00") }, { day: 1, ...span("09:00", "12:00") }, { day: 7, ...span("10:00", "11:00") }];
    expect(daysOf(weekOf(days))).toEqual([days[1], days[0], days[2]]);
    expect(weekOf([])[3]).toEqual([]);
  });
  it("is copied from one day to all, and each day stays its own", () => {
    const copied = copiedToAll(withDay(usualWeek(), 2, [span("10:00", "14:00")]), 2);
    expect(weekdays.map((day) => copied[day])).toEqual(weekdays.map(() => [span("10:00", "14:00")]));
    expect(copied[1]![0]).not.toBe(copied[2]![0]);
  });
  it("offers one more span after the last", () => {
    expect(oneMore([])).toEqual([span("09:00", "17:00")]);
    expect(oneMore([span("09:00", "12:00")])).toEqual([span("09:00", "12:00"), span("13:00", "17:00")]);
    expect(oneMore([span("09:00", "22:00")]).at(-1)).toEqual(span("23:00", "23:59"));
  });
});

describe("troubleOf", () => {
  it.each([
    [[], null], [[span("09:00", "17:00")], null], [[span("13:00", "17:00"), span("09:00", "13:00")], null], [[span("00:00", "24:00")], null],
    [[span("17:00", "09:00")], "backwards"], [[span("09:00", "09:00")], "backwards"], [[span("", "09:00")], "empty"],
    [[span("09:00", "13:00"), span("12:00", "17:00")], "overlap"],
  ])("%j is %s", (spans, trouble) => expect(troubleOf(spans)).toBe(trouble));
});

describe("openingAt", () => {
  const hours = { time_zone: "Europe/Warsaw", days: daysOf(withDay(usualWeek(), 5, [span("09:00", "12:00")])) };
  it.each([
    ["2026-11-19T09:52:30Z", { open: true, opens_at: null, closes_at: "2026-11-19T16:00:00.000Z" }], // Thursday, 10:52 in Warsaw
    ["2026-11-19T07:59:00Z", { open: false, opens_at: "2026-11-19T08:00:00.000Z", closes_at: null }],
    ["2026-11-19T16:00:00Z", { open: false, opens_at: "2026-11-20T08:00:00.000Z", closes_at: null }],
    ["2026-11-20T15:00:00Z", { open: false, opens_at: "2026-11-23T08:00:00.000Z", closes_at: null }], // Friday afternoon: Monday
  ])("%s", (now, opening) => expect(openingAt(hours, new Date(now))).toEqual(opening));
  it("is always open without hours", () => expect(openingAt({ time_zone: "UTC", days: [] }, new Date())).toEqual({ open: true, opens_at: null, closes_at: null }));
  it("comes back to the same day a week later", () => {
    const once = { time_zone: "UTC", days: [{ day: 4, ...span("09:00", "10:00") }] };
    expect(openingAt(once, new Date("2026-11-19T12:00:00Z")).opens_at).toBe("2026-11-26T09:00:00.000Z");
  });
});
