import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "./en.json";
import ko from "./ko.json";
import pl from "./pl.json";
import { format, placeholders } from "./message";

const catalogues: Record<string, Record<string, string>> = { en, ko, pl };

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path);
      return /\.tsx?$/.test(entry.name) && !entry.name.includes(".test.") ? readFileSync(path, "utf8") : "";
    })
    .join("\n");
}

describe.each(Object.keys(catalogues))("%s", (language) => {
  const catalogue = catalogues[language]!;
  it("has the keys of English and no other", () => expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort()));
  it("has no empty message", () => expect(Object.entries(catalogue).filter(([, text]) => text.trim() === "")).toEqual([]));
  it.each(Object.entries(catalogue))("%s needs what English needs", (key, text) => {
    expect(placeholders(text)).toEqual(placeholders((en as Record<string, string>)[key] ?? ""));
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
  it("has no key that nothing says", () => {
    const code = sources(join(import.meta.dirname, ".."));
    const prefixes = [...code.matchAll(/`([\w.]+\.)\$\{[^`]*?\}([\w.]*)`/g)].map((match) => [match[1]!, match[2]!] as const);
    const used = (key: string) => code.includes(`"${key}"`) || prefixes.some(([start, end]) => key.startsWith(start) && key.endsWith(end));
    expect(Object.keys(en).filter((key) => !used(key))).toEqual([]);
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
