import { describe, expect, it } from "vitest";
import { localIn, scheduleChoices, zoned } from "./schedule";

describe("zoned", () => {
  it.each([
    ["2026-11-22T09:00", "Europe/Warsaw", "2026-11-22T08:00:00.000Z"],
    ["2026-07-01T09:00", "Europe/Warsaw", "2026-07-01T07:00:00.000Z"],
    ["2026-11-22T09:00", "Asia/Seoul", "2026-11-22T00:00:00.000Z"],
    ["2026-03-29T04:00", "Europe/Warsaw", "2026-03-29T02:00:00.000Z"], // the clocks went forward an hour before
    ["2026-10-25T09:00", "Europe/Warsaw", "2026-10-25T08:00:00.000Z"],
    ["2026-11-22T00:00", "UTC", "2026-11-22T00:00:00.000Z"],
  ])("%s in %s", (local, zone, at) => {
    expect(zoned(local, zone).toISOString()).toBe(at);
    expect(localIn(new Date(at), zone)).toBe(local);
  });
});

describe("scheduleChoices", () => {
  it.each([
    ["Sunday late in Warsaw is Monday in Seoul", "2026-11-22T20:00:00Z", "Asia/Seoul", ["2026-11-24T00:00", "2026-11-24T05:00", "2026-11-30T00:00"]],
    ["on a Sunday, tomorrow is Monday", "2026-11-22T12:00:00Z", "Europe/Warsaw", ["2026-11-23T08:00", "2026-11-23T13:00"]],
    ["on a Thursday", "2026-11-19T12:00:00Z", "UTC", ["2026-11-20T09:00", "2026-11-20T14:00", "2026-11-23T09:00"]],
  ])("%s", (_, now, zone, at) => expect(scheduleChoices(new Date(now), zone).map((each) => each.at.toISOString().slice(0, 16))).toEqual(at));
});
