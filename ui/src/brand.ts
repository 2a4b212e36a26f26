/**
 * One colour in, readable colours out: the rule by which the widget, its preview and every public page are coloured.
 * A colour that is hard to see is moved to the nearest one that is not; nothing is refused.
 */
export type BrandColours = {
  /** Buttons and the launcher: at least 3:1 on the page. */
  fill: string;
  /** Text on `fill`: white or black, never under 4.5:1. */
  onFill: string;
  fillHover: string;
  /** The brand as text: links. */
  text: string;
  /** A tint behind text, and the line around it. */
  soft: string;
  line: string;
  /** Large quiet areas: the head of the panel, the visitor's own bubble. */
  band: string;
  onBand: string;
};

export type BrandTheme = "light" | "dark";

export const DEFAULT_BRAND = "#0b6470";

type Triple = [number, number, number];

const WHITE_BELOW = 0.179; // below this luminance white is the better text, above it black
const LIGHTEST_FILL = 0.25; // luminance of a fill that still stands at 3.5:1 on white

/** Whether this is a colour we read: #rgb or #rrggbb. */
export function isColour(colour: string): boolean {
  return /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour.trim());
}

/** The same colour as # and six small digits. */
export function fullHex(colour: string): string {
  const digits = colour.trim().toLowerCase().slice(1);
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits}`;
}

/** Everything that follows from a brand colour. What is no colour is taken for the default. */
export function brandColours(brand: string, theme: BrandTheme): BrandColours {
  const linear = linearOf(isColour(brand) ? brand.trim() : DEFAULT_BRAND);
  const [l, c, h] = oklchOf(linear);
  if (theme === "light") {
    const dim = Math.min(1, LIGHTEST_FILL / Math.max(lightness(linear), 0.0001));
    const fill = linear.map((part) => part * dim) as Triple;
    return {
      ...onto(fill), text: hexOf(fromOklch(Math.min(l, 0.46), c, h)), soft: hexOf(fromOklch(0.965, Math.min(c, 0.016), h)), line: hexOf(fromOklch(0.86, Math.min(c, 0.04), h)),
      band: hexOf(fill), onBand: textOn(fill),
    };
  }
  const band = fromOklch(Math.min(0.4, Math.max(0.3, l)), c, h);
  return {
    ...onto(fromOklch(Math.min(0.82, Math.max(0.545, l)), Math.min(c, 0.17), h)), text: hexOf(fromOklch(Math.max(l, 0.8), Math.min(c, 0.12), h)),
    soft: hexOf(fromOklch(0.245, Math.min(c, 0.035), h)), line: hexOf(fromOklch(0.4, Math.min(c, 0.04), h)), band: hexOf(band), onBand: textOn(band),
  };
}

/** The ratio of WCAG between two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [lightness(linearOf(a)), lightness(linearOf(b))].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function onto(fill: Triple) {
  const white = lightness(fill) < WHITE_BELOW;
  const away = oklabOf(white ? [0, 0, 0] : [1, 1, 1]); // hover moves away from the text, so contrast only grows
  const hover = oklabOf(fill).map((part, n) => part * 0.88 + away[n]! * 0.12) as Triple;
  return { fill: hexOf(fill), onFill: textOn(fill), fillHover: hexOf(fromOklab(hover)) };
}

const textOn = (ground: Triple) => (lightness(ground) < WHITE_BELOW ? "#ffffff" : "#000000");
const lightness = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function linearOf(hex: string): Triple {
  const full = fullHex(hex);
  return [1, 3, 5].map((at) => {
    const part = parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

function hexOf(linear: Triple): string {
  const parts = linear.map((part) => {
    const inside = Math.min(1, Math.max(0, part));
    return Math.round(255 * (inside <= 0.0031308 ? inside * 12.92 : 1.055 * inside ** (1 / 2.4) - 0.055));
  });
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function oklabOf([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

function fromOklab([L, a, b]: Triple): Triple {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
}

function oklchOf(linear: Triple): Triple {
  const [l, a, b] = oklabOf(linear);
  return [l, Math.hypot(a, b), Math.atan2(b, a)];
}

/** Into the screen's colours by giving up chroma, never lightness: contrast stays what it was meant to be. */
function fromOklch(l: number, c: number, h: number): Triple {
  let chroma = c;
  for (;;) {
    const linear = fromOklab([l, chroma * Math.cos(h), chroma * Math.sin(h)]);
    if (chroma < 0.002 || linear.every((part) => part > -0.0005 && part < 1.0005)) return linear.map((part) => Math.min(1, Math.max(0, part))) as Triple;
    chroma *= 0.95;
  }
}
