import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "./en.json";
import ko from "./ko.json";
import pl from "./pl.json";
import deskEn from "./desk/en.json";
import deskKo from "./desk/ko.json";
import deskPl from "./desk/pl.json";
import { format, placeholders } from "./message";
import settingsEn from "./settings/en.json";
import settingsKo from "./settings/ko.json";
import settingsPl from "./settings/pl.json";

type Words = Record<string, string>;
const parts: Record<string, Words>[] = [{ en, ko, pl }, { en: settingsEn, ko: settingsKo, pl: settingsPl }, { en: deskEn, ko: deskKo, pl: deskPl }];
const english: Words = { ...en, ...settingsEn, ...deskEn };

function sources(folder: string, skip = /^$/): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return skip.test(entry.name) ? "" : sources(path, skip);
      return /\.tsx?$/.test(entry.name) && !entry.name.includes(".test.") ? readFileSync(path, "utf8") : "";
    })
    .join("\n");
}

function saidBy(code: string): (key: string) => boolean {
  const prefixes = [...code.matchAll(/`([\w.]+\.)\$\{[^`]*?\}([\w.]*)`/g)].map((match) => [match[1]!, match[2]!] as const);
  return (key) => code.includes(`"${key}"`) || prefixes.some(([start, end]) => key.startsWith(start) && key.endsWith(end));
}

describe.each(["en", "ko", "pl"])("%s", (language) => {
  const catalogue: Words = Object.assign({}, ...parts.map((part) => part[language]!));
  it.each(parts)("has the keys of English and no other", (part) => expect(Object.keys(part[language]!).sort()).toEqual(Object.keys(part["en"]!).sort()));
  it("has no empty message", () => expect(Object.entries(catalogue).filter(([, text]) => text.trim() === "")).toEqual([]));
  it.each(Object.entries(catalogue))("%s needs what English needs", (key, text) => {
    expect(placeholders(text)).toEqual(placeholders(english[key] ?? ""));
  });
  it("has every plural form the language needs", () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(catalogue)) {
      if (!text.includes("plural,")) continue;
      for (const form of needed) expect(text, `${key} lacks ${form}`).toContain(`${form} {`);
    }
  });
});

describe("use", () => {
  const src = join(import.meta.dirname, "..");
  it("has no key that nothing says", () => {
    const said = saidBy(sources(src));
    expect(Object.keys(english).filter((key) => !said(key))).toEqual([]);
  });
  it("has no key twice", () => expect(parts.flatMap((part) => Object.keys(part["en"]!))).toHaveLength(Object.keys(english).length));
  it("says nothing from settings before its words are there", () => {
    const early = saidBy(sources(src, /^(settings|health)$/));
    expect(Object.keys(settingsEn).filter(early)).toEqual([]);
  });
  it("says nothing from the desk outside the folders that bring its words", () => {
    const early = saidBy(sources(src, /^(view|many|meanwhile|automation|notification|welcome|composer|device)$/));
    expect(Object.keys(deskEn).filter(early)).toEqual([]);
  });
});

describe("format", () => {
  it.each([
    ["en", "{n, plural, one {# day} other {# days}}", { n: 1 }, "1 day"],
    ["en", "{n, plural, one {# day} other {# days}}", { n: 1200 }, "1,200 days"],
    ["pl", "{n, plural, one {# nowa} few {# nowe} many {# nowych} other {# nowej}}", { n: 3 }, "3 nowe"],
    ["pl", "{n, plural, one {# nowa} few {# nowe} many {# nowych} other {# nowej}}", { n: 5 }, "5 nowych"],
    ["ko", "새 대화 {n, plural, other {#건}}", { n: 2 }, "새 대화 2건"],
    ["en", "to {names}", { names: "a {b}" }, "to a {b}"],
    ["en", "no value {x}", {}, "no value "],
  ])("%s %s", (language, message, values, text) => expect(format(message, values as Record<string, string | number>, language)).toBe(text));
});
