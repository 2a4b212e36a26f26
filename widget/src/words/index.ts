import type en from "./en.json";

export type Word = keyof typeof en;
type Catalogue = Partial<Record<string, string>>;

/** What the panel says, in one language. Each language is a file of its own, loaded with the panel. */
export interface Words {
  language: string;
  /** For dates and numbers: the browser's own kind of this language where it has one; digits everybody can read. */
  locale: string;
  t(key: Word, values?: Record<string, string | number>): string;
  /** The form of a message for a number. */
  n(key: "open.new" | "unread", n: number): string;
}

const load: Record<string, () => Promise<{ default: Catalogue }>> = {
  en: () => import("./en.json"),
  ko: () => import("./ko.json"),
  pl: () => import("./pl.json"),
  ar: () => import("./ar.json"),
};

export async function wordsOf(language: string, browser: readonly string[] = navigator.languages): Promise<Words> {
  return say(language, (await load[language]!()).default, browser);
}

export function say(language: string, catalogue: Catalogue, browser: readonly string[] = []): Words {
  const own = browser.find((tag) => tag.slice(0, 2) === language) ?? language;
  const fill = (text: string, values: Record<string, string | number>) => text.replace(/\{(\w+)\}/g, (whole, name: string) => `${values[name] ?? whole}`);
  const text = (key: string) => catalogue[key] ?? key;
  return {
    language,
    locale: language === "ar" ? "ar-u-nu-latn" : own,
    t: (key, values = {}) => fill(text(key), values),
    n: (key, n) => fill(text(`${key}.${new Intl.PluralRules(language).select(n)}`), { n }),
  };
}
