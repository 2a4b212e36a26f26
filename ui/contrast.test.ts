import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** The custom properties of each theme; dark starts from light and overrides. */
function themes() {
  const block = (open: string) => css.slice(css.indexOf(open), css.indexOf("\n}", css.indexOf(open)));
  const read = (text: string) => Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map((m) => [m[1]!, m[2]!]));
  const light = read(block(":root {"));
  return { light, dark: { ...light, ...read(block('[data-theme="dark"] {')) } };
}

function luminance(hex: string) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function ratio(a: string, b: string) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

const grounds = ["sidebar", "bg", "surface", "surface-2", "surface-3", "raised", "accent-soft", "mail-us", "note"];
const text: [string, string][] = [
  ...grounds.flatMap((ground): [string, string][] => [["text", ground], ["text-2", ground]]),
  ["accent-text", "bg"], ["accent-text", "surface"], ["accent-text", "surface-2"], ["accent-text", "accent-soft"], ["accent-text", "accent-soft-2"],
  ["on-accent", "accent"], ["on-accent", "accent-hover"], ["on-danger", "danger"], ["on-success", "success"],
  ["draft", "surface"], ["draft", "surface-2"], ["draft", "accent-soft"],
  ["toast-text", "toast"], ["toast-text-2", "toast"], ["note-text", "note"], ["text", "note-mark"],
  ...["danger", "success", "warning", "info", "sla"].map((state): [string, string] => [`${state}-text`, `${state}-soft`]),
  ["success-mark", "surface"], ["danger-mark", "surface"], ["danger-mark", "raised"],
  ...Array.from({ length: 8 }, (_, n): [string, string] => [`p${n}t`, `p${n}`]),
];
const controls: [string, string][] = [
  ...["surface", "bg", "raised"].map((ground): [string, string] => ["line-strong", ground]),
  ...grounds.map((ground): [string, string] => ["ring", ground]),
  ...["success-mark", "danger-mark", "warning-mark", "info-mark", "sla-mark"].map((mark): [string, string] => [mark, "surface"]),
  ["warning-mark", "sidebar"], ["sla-mark", "sidebar"], ["accent", "sidebar"],
  ...[1, 2, 3, 4, 5, 6].map((n): [string, string] => [`chart-${n}`, "surface"]),
];

describe.each(Object.entries(themes()))("%s", (_, tokens) => {
  const pairs = [...text.map((pair) => [...pair, 4.5] as const), ...controls.map((pair) => [...pair, 3] as const)];
  it.each(pairs)("%s on %s is at least %d", (front, back, least) => {
    expect(tokens, `no token --${front}`).toHaveProperty(front);
    expect(tokens, `no token --${back}`).toHaveProperty(back);
    expect(ratio(tokens[front]!, tokens[back]!)).toBeGreaterThanOrEqual(least);
  });
});
