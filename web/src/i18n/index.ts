import { useSyncExternalStore } from "react";
import type { Language } from "../client/nouns";
import en from "./en.json";
import { format, type Values } from "./message";

export type MessageKey = keyof typeof en;
type Catalogue = Record<MessageKey, string>;

export const languages: Record<Language, string> = { en: "English", ko: "한국어", pl: "Polski" };

const storageKey = "rapport.language";

let language: Language = "en";
let catalogue: Catalogue = en;
const listeners = new Set<() => void>();

/** The message in the language of the person, with its values filled in. */
export function t(key: MessageKey, values: Values = {}): string {
  return format(catalogue[key], values, language);
}

const load: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: async () => ({ default: en }),
  ko: () => import("./ko.json"),
  pl: () => import("./pl.json"),
};

/** Switches the language of every screen. */
export async function setLanguage(wanted: Language): Promise<void> {
  if (wanted === language) return;
  catalogue = (await load[wanted]()).default;
  language = wanted;
  document.documentElement.lang = wanted;
  localStorage.setItem(storageKey, wanted);
  for (const listener of listeners) listener();
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
