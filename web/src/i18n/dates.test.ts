import { beforeAll, describe, expect, it } from "vitest";
import { setLanguage } from ".";
import { ago, bytes, clock, clockIn, dayLine, setTimeZone, until } from "./dates";

const now = new Date("2026-11-21T09:52:00Z"); // Saturday, 10:52 in Warsaw
beforeAll(() => setTimeZone("Europe/Warsaw"));

describe("ago", () => {
  it.each([
    ["2026-11-21T09:51:40Z", "now"],
    ["2026-11-21T09:43:00Z", "9 min"],
    ["2026-11-21T05:52:00Z", "4 h"],
    ["2026-11-20T20:00:00Z", "Yesterday"],
    ["2026-11-19T10:00:00Z", "Thu"],
    ["2026-11-15T10:00:00Z", "Sun"],
    ["2026-11-12T10:00:00Z", "12 Nov"],
    ["2025-11-12T10:00:00Z", "12 Nov 2025"],
  ])("%s is %s", (at, words) => expect(ago(at, now)).toBe(words));
  it("speaks Korean and Polish", async () => {
    await setLanguage("ko");
    expect(ago("2026-11-21T09:43:00Z", now)).toBe("9분");
    expect(ago("2026-11-19T10:00:00Z", now)).toBe("목");
    await setLanguage("pl");
    expect(ago("2026-11-20T20:00:00Z", now)).toBe("Wczoraj");
    await setLanguage("en");
  });
});

describe("other times", () => {
  it("shows the clock of the profile's zone", () => expect(clock("2026-11-21T09:43:00Z")).toBe("10:43"));
  it("names days", () => {
    expect(dayLine("2026-11-21T00:10:00Z", now)).toBe("Today");
    expect(dayLine("2026-11-17T07:12:00Z", now)).toBe("Tuesday 17 November");
  });
  it("tells what is to come", () => {
    expect(until("2026-11-21T12:00:00Z", now)).toBe("13:00");
    expect(until("2026-11-23T08:00:00Z", now)).toBe("Mon 09:00");
    expect(until("2026-12-12T08:00:00Z", now)).toBe("12 Dec");
  });
  it("knows other walls, and says nothing of unknown ones", () => {
    expect(clockIn("Asia/Seoul", now)).toBe("18:52");
    expect(clockIn("Nowhere/Land", now)).toBe("");
    expect(clockIn("", now)).toBe("");
  });
});

describe("bytes", () => {
  it.each([[0, "0 B"], [180, "180 B"], [1_400, "1.4 kB"], [9_960, "10 kB"], [18_000, "18 kB"], [999_700, "1 MB"], [6_200_000, "6.2 MB"]])("%d is %s", (size, words) => expect(bytes(size)).toBe(words.replace(" ", "\u00a0")));
});
