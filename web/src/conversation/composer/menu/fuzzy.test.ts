import { describe, expect, it } from "vitest";
import { fitOf, ranked } from "./fuzzy";

describe("fitOf", () => {
  it.each([
    ["Refund policy", "ref", true], ["Refund policy", "pol", true], ["Refund policy", "fund", true], ["Refund policy", "rfp", true], ["Refund policy", "pol ref", true],
    ["Zażółć gęślą", "zazolc", true], ["Później", "pozniej", true], ["환불 안내", "화", true], ["환불 안내", "안내 환불", true],
    ["Refund policy", "xyz", false], ["Refund policy", "ref xyz", false], ["Thanks", "sk", false], ["Refund policy", "fpr", false],
  ])("%s for %s: %s", (label, typed, fits) => expect(fitOf(label, typed) !== null).toBe(fits));
  it("likes the beginning better than a later word, and that better than the inside", () => {
    const [begins, word, inside, letters] = ["refund", "a refund", "prefund", "rae fund"].map((label) => fitOf(label, "refu"));
    expect(begins).toBeGreaterThan(word!);
    expect(word).toBeGreaterThan(inside!);
    expect(inside).toBeGreaterThan(letters!);
  });
});

describe("ranked", () => {
  const entry = (key: string, group: string, label: string, uses = 0, also?: string) => ({ key, group, label, uses, also });
  const all = [entry("s1", "Snippets", "Refund policy", 3), entry("s2", "Snippets", "Welcome", 9), entry("s3", "Snippets", "Opening hours", 1, "godziny"), entry("m1", "Macros", "Refund and close", 2), entry("a1", "Actions", "Close", 0, "done resolve")];
  const keys = (typed: string, recent: string[] = [], each?: number) => ranked(all, typed, recent, "Recent", each).map(({ key }) => key).join(" ");
  it.each([
    ["what is used most comes first in each group", "", [], undefined, "s2 s1 s3 m1 a1"],
    ["what was used last comes before all", "", ["a1", "s3"], undefined, "a1 s3 s2 s1 m1"],
    ["no group takes all the room", "", [], 1, "s2 m1 a1"],
    ["of two that fit, the one used last", "refund", ["m1"], undefined, "s1 m1"],
    ["another word leads there too", "resolve", [], undefined, "a1"],
    ["the group that fits best is first", "close", [], undefined, "a1 m1"],
    ["nothing fits", "qqq", [], undefined, ""],
  ])("%s", (_, typed, recent, each, wanted) => expect(keys(typed, recent, each)).toBe(wanted));
  it("says that something was used lately", () => expect(ranked(all, "", ["s2"], "Recent")[0]!.group).toBe("Recent"));
});
