import { expect, it } from "vitest";

const sheets = import.meta.glob<string>(["../**/*.css", "../../../ui/**/*.css", "!**/node_modules/**"], { query: "?raw", import: "default", eager: true });
const sources = import.meta.glob<string>(["../**/*.tsx", "../../../ui/src/**/*.tsx", "!**/*.test.*"], { query: "?raw", import: "default", eager: true });

/** What names a side of the screen and not of the text: wrong for whoever reads from right to left. */
const physical = /(?:^|[;{\s])((?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-[a-z]+)?|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b/g;
const inCode = /\b(?:margin|padding)(?:Left|Right|Top|Bottom)\b|\bborder(?:Left|Right)\b|style=\{\{[^}]*\b(?:left|right)\s*:/g;

const found = (texts: Record<string, string>, sides: RegExp) =>
  Object.entries(texts).flatMap(([file, text]) => [...text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/@media[^{]*\{|@container[^{]*\{/g, "{").matchAll(sides)].map((match) => `${file}: ${match[0].trim()}`));

it("has sheets to look at", () => {
  expect(Object.keys(sheets).length).toBeGreaterThan(10);
  expect(found({ "bad.css": ".a { margin-left: 4px; } .b{left:0} .c { text-align: right } .d { width: 3px }" }, physical)).toHaveLength(4);
  expect(found({ "good.css": "@media (max-width: 99px) { .a { margin-inline-start: 4px; inline-size: 4px; transition: width 1s; text-align: start } }" }, physical)).toEqual([]);
});
it("names sides by the text in every sheet", () => expect(found(sheets, physical)).toEqual([]));
it("names sides by the text in what screens say of themselves", () => expect(found(sources, inCode)).toEqual([]));
