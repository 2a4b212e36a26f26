import { describe, expect, it } from "vitest";
import { brandColours, contrast, DEFAULT_BRAND, isColour } from "./src/brand";
import served from "../internal/webui/brand/testdata/colours.json";

const pages = { light: ["#ffffff", "#fcfcfd"], dark: ["#18191b", "#111113"] } as const;
const parts = [0, 36, 73, 109, 146, 182, 219, 255];
const sweep = parts.flatMap((r) => parts.flatMap((g) => parts.map((b) => `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`)));

describe.each(["light", "dark"] as const)("%s", (theme) => {
  it("keeps every pair readable, whatever colour comes in", () => {
    for (const brand of sweep) {
      const derived = brandColours(brand, theme);
      const at = (pair: string, front: string, back: string, least: number) => expect(contrast(front, back), `${brand}: ${pair} ${front} on ${back}`).toBeGreaterThanOrEqual(least);
      for (const page of pages[theme]) {
        at("fill", derived.fill, page, 3);
        at("text", derived.text, page, 4.5);
      }
      at("on fill", derived.onFill, derived.fill, 4.5);
      at("on hover", derived.onFill, derived.fillHover, 4.5);
      at("on band", derived.onBand, derived.band, 4.5);
      at("on tint", derived.text, derived.soft, 4.5);
    }
  });
});

describe("brandColours", () => {
  it("leaves a colour alone that can be seen", () => {
    expect(brandColours("#0B6370", "light").fill).toBe("#0b6370");
    expect(brandColours("#D6336C", "light").fill).toBe("#d6336c");
  });
  it("moves one that cannot", () => {
    expect(brandColours("#F2B705", "light").fill).not.toBe("#f2b705");
    expect(brandColours("#10203A", "dark").fill).not.toBe("#10203a");
  });
  it("takes nonsense for the default, and three digits for six", () => {
    expect(brandColours("teal-ish", "light")).toEqual(brandColours(DEFAULT_BRAND, "light"));
    expect(brandColours("#0af", "dark")).toEqual(brandColours("#00aaff", "dark"));
  });
  it.each([["#0af", true], ["#0B6370", true], ["0B6370", false], ["#0B637", false], ["red", false], ["", false]])("knows whether %j is a colour", (typed, is) => expect(isColour(typed)).toBe(is));
});

describe("pages without a script", () => {
  it("get the same colours from the server", () => {
    for (const [brand, themes] of Object.entries(served)) {
      expect(brandColours(brand, "light"), brand).toMatchObject(themes.light);
      expect(brandColours(brand, "dark"), brand).toMatchObject(themes.dark);
    }
  });
});
