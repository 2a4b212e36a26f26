import { useSyncExternalStore } from "react";
import type { Language } from "../client/nouns";
import en from "./en.json";
import { format, type Values } from "./message";
import type deskEn from "./desk/en.json";
import type settingsEn from "./settings/en.json";

export type MessageKey = keyof typeof en | keyof typeof settingsEn | keyof typeof deskEn;
type Catalogue = Partial<Record<MessageKey, string>>;
/** The words of every day; those of settings and health, and those of what is opened at the desk now and then, come with their screens. */
type Part = "everyday" | "settings" | "desk";

export const languages: Record<Language, string> = { en: "English", ko: "한국어", pl: "Polski" };

const storageKey = "rapport.language";

let language: Language = "en";
let catalogue: Catalogue = en;
const parts = new Set<Part>(["everyday"]);
const listeners = new Set<() => void>();

/** The message in the language of the person, with its values filled in. */
export function t(key: MessageKey, values: Values = {}): string {
  return format(catalogue[key] ?? key, values, language);
}

const load: Record<Part, Record<Language, () => Promise<{ default: Catalogue }>>> = {
  everyday: { en: async () => ({ default: en }), ko: () => import("./ko.json"), pl: () => import("./pl.json") },
  settings: { en: () => import("./settings/en.json"), ko: () => import("./settings/ko.json"), pl: () => import("./settings/pl.json") },
  desk: { en: () => import("./desk/en.json"), ko: () => import("./desk/ko.json"), pl: () => import("./desk/pl.json") },
};

async function wordsIn(wanted: Language): Promise<Catalogue> {
  const asked = [...parts];
  const read = await Promise.all(asked.map(async (part) => (await load[part][wanted]()).default));
  return parts.size === asked.length ? Object.assign({}, ...read) : wordsIn(wanted);
}

/** Switches the language of every screen. */
export async function setLanguage(wanted: Language): Promise<void> {
  if (wanted === language) return;
  catalogue = await wordsIn(wanted);
  language = wanted;
  document.documentElement.lang = wanted;
  localStorage.setItem(storageKey, wanted);
  for (const listener of listeners) listener();
}

/** Screens that need more words than those of every day, together with these words. */
export async function withWords<T>(part: Part, screens: Promise<T>): Promise<T> {
  parts.add(part);
  let now: Language;
  let words: Catalogue;
  do {
    now = language;
    words = await wordsIn(now);
  } while (now !== language); // it was switched meanwhile
  catalogue = words;
  return screens;
}

export function currentLanguage(): Language {
  return language;
}

export function useLanguage(): Language {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentLanguage);
}

/** The language to begin with: the one used last in this browser, else the first of the browser's own that we speak. */
export function firstLanguage(): Language {
  for (const tag of [localStorage.getItem(storageKey) ?? "", ...navigator.languages]) {
    const short = tag.slice(0, 2);
    if (short in languages) return short as Language;
  }
  return "en";
}
