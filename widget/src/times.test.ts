import { describe, expect, it } from "vitest";
import type { Site } from "./contract";
import { clock, coming, dayName, honestLine, length } from "./times";
import ar from "./words/ar.json";
import en from "./words/en.json";
import { say } from "./words";
import ko from "./words/ko.json";
import pl from "./words/pl.json";

const all = { en: say("en", en, ["en-GB"]), ko: say("ko", ko), pl: say("pl", pl), ar: say("ar", ar) };
const now = new Date(2026, 10, 18, 14, 7); // a Wednesday
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute);
const site: Site = {
  name: "Miska", brand: "#0b6470", position: "end", language: "auto", greeting: {}, files: true, ask_email: true, mail: true, show_launcher: true,
  open: true, opens_at: null, closes_at: null, time_zone: "Europe/Warsaw", usual_reply_seconds: null,
};

describe("the honest line", () => {
  it.each([
    ["always open, no figure", { }, "Open now"],
    ["always open", { usual_reply_seconds: 341 }, "Usually replies in 6 min"],
    ["open until evening", { closes_at: at(18, 18).toISOString() }, "Open until 18:00"],
    ["open, with a figure", { closes_at: at(18, 18).toISOString(), usual_reply_seconds: 341 }, "Open until 18:00, usually replies in 6 min"],
    ["closed till tomorrow", { open: false, opens_at: at(19, 9).toISOString(), usual_reply_seconds: 341 }, "Closed, back tomorrow 09:00"],
    ["closed over the weekend", { open: false, opens_at: at(23, 9).toISOString() }, "Closed, back Monday 09:00"],
    ["closed for good", { open: false }, "Closed"],
  ])("%s", (_, change, said) => {
    expect(honestLine(all.en, { ...site, ...change } as Site, now).text).toBe(said);
  });
});

it("says days and hours in every language", () => {
  expect(Object.values(all).map((words) => dayName(words, now, now))).toEqual(["Today", "오늘", "Dzisiaj", "اليوم"]);
  expect(dayName(all.en, at(17, 9), now)).toBe("Yesterday");
  expect(dayName(all.en, at(10, 9), now)).toBe("Tuesday 10 November");
  expect(Object.values(all).map((words) => clock(words, at(18, 9, 5)))).toEqual(["09:05", "09:05", "09:05", "09:05"]);
  expect(clock(say("en", en, ["en-US"]), at(18, 9, 5))).toMatch(/^9:05\sAM$/);
  expect(coming(all.ko, at(23, 11), now)).toContain("월요일");
  expect(coming(all.en, at(30, 11), now)).toBe("Monday 30 November 11:00");
});

it.each([[1, "1 min"], [60, "1 min"], [61, "2 min"], [3599, "1 hr"], [7_100, "2 hr"], [47 * 3600, "47 hr"], [49 * 3600, "3 days"]])("%d seconds are %s", (seconds, said) => {
  expect(length(all.en, seconds)).toBe(said);
});
