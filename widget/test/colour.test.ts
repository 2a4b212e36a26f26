import { brandColours, contrast, type BrandTheme } from "@rapport/ui/brand";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

// Every pair of colours that the widget shows, for every brand a shop may choose: 504 of them, round the wheel, from black
// to white, and the grey ones.
const css = readFileSync(join(import.meta.dirname, "../src/css/panel.css"), "utf8");
const [light, dark] = css.split("@media (prefers-color-scheme: dark)") as [string, string];
const tokens = (text: string) => Object.fromEntries([...text.slice(text.indexOf(":host {"), text.indexOf("}")).matchAll(/--([\w-]+): (#[0-9a-f]{3,6})/g)].map((m) => [m[1]!, m[2]!]));
const fixed: Record<BrandTheme, Record<string, string>> = { light: tokens(light), dark: { ...tokens(light), ...tokens(dark) } };

function hsl(h: number, s: number, l: number): string {
  const part = (n: number) => {
    const k = (n + h / 30) % 12;
    return Math.round(255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)))).toString(16).padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}
const brands: string[] = [];
for (let h = 0; h < 360; h += 15) for (const s of [0.25, 0.6, 1]) for (const l of [0.02, 0.15, 0.3, 0.45, 0.6, 0.8, 0.97]) brands.push(hsl(h, s, l));

describe.each(["light", "dark"] as const)("%s", (theme) => {
  const of = fixed[theme];
  it("has its fixed colours", () => expect(Object.keys(of)).toEqual(expect.arrayContaining(["surface", "surface-2", "text", "text-2", "bad", "warn", "warn-soft", "line-strong"])));
  it.each([
    ["text", "surface"], ["text", "surface-2"], ["text", "surface-3"], ["text-2", "surface"], ["text-2", "surface-2"], ["bad", "surface"], ["warn", "warn-soft"], ["ok", "ok-soft"],
  ])("%s on %s can be read", (front, back) => expect(contrast(of[front]!, of[back]!)).toBeGreaterThanOrEqual(4.5));
  it.each([["line-strong", "surface"], ["ok-dot", "surface"]])("%s on %s can be seen", (front, back) => expect(contrast(of[front]!, of[back]!)).toBeGreaterThanOrEqual(3));

  it(`takes any of ${brands.length} brands`, () => {
    expect(brands.length).toBe(504);
    const poor: string[] = [];
    const least = (brand: string, what: string, a: string, b: string, ratio: number) => {
      if (contrast(a, b) < ratio) poor.push(`${brand}: ${what} ${contrast(a, b).toFixed(2)}`);
    };
    for (const brand of brands) {
      const c = brandColours(brand, theme);
      least(brand, "text on fill", c.onFill, c.fill, 4.5);
      least(brand, "text on hovered fill", c.onFill, c.fillHover, 4.5);
      least(brand, "text on band", c.onBand, c.band, 4.5);
      least(brand, "link", c.text, of["surface"]!, 4.5);
      least(brand, "link in a bubble", c.text, of["surface-2"]!, 4.5);
      least(brand, "link on tint", c.text, c.soft, 4.5);
      least(brand, "text on tint", of["text"]!, c.soft, 4.5);
      least(brand, "fill on the panel", c.fill, of["surface"]!, 3);
      least(brand, "focus ring", c.text, of["surface"]!, 3);
    }
    expect(poor).toEqual([]);
  });
});
