import { describe, expect, it } from "vitest";
import ar from "./ar.json";
import en from "./en.json";
import { say } from "./index";
import ko from "./ko.json";
import pl from "./pl.json";

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
const plurals = ["open.new", "unread"];
const plain = (keys: string[]) => keys.filter((key) => !plurals.some((stem) => key.startsWith(`${stem}.`)));

describe.each(Object.entries({ ko, pl, ar }))("%s", (language, catalogue) => {
  const said: Record<string, string> = catalogue;
  it("says everything and nothing else", () => {
    expect(plain(Object.keys(said)).sort()).toEqual(plain(Object.keys(en)).sort());
  });
  it("has every form that its numbers need", () => {
    for (const stem of plurals) for (const form of new Intl.PluralRules(language).resolvedOptions().pluralCategories) expect(said).toHaveProperty([`${stem}.${form}`]);
  });
  it("leaves no hole unfilled and fills none that is not there", () => {
    for (const [key, text] of Object.entries(en)) if (plain([key]).length) expect([key, holes(said[key]!)]).toEqual([key, holes(text)]);
  });
  it("says no word that is not ours", () => {
    for (const text of Object.values(said)) expect(text).not.toMatch(/ticket|\bcase\b|thread|티켓|zgłoszeni|تذكرة/i);
  });
});

it("chooses the form by the number", () => {
  expect([1, 3, 5].map((n) => say("pl", pl).n("unread", n))).toEqual(["1 nowa wiadomość", "3 nowe wiadomości", "5 nowych wiadomości"]);
  expect(say("ar", ar).n("unread", 2)).toBe("رسالتان جديدتان");
});

it("takes the browser's own kind of a language for dates", () => {
  expect(say("en", en, ["ko", "en-GB"]).locale).toBe("en-GB");
  expect(say("ar", ar, ["ar-EG"]).locale).toBe("ar-u-nu-latn");
});
