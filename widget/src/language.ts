import type { Site } from "./contract";

/** How the launcher is called in the languages in which the widget has words of its own. */
export const labels: Record<string, string> = { en: "Open chat", ko: "채팅 열기", pl: "Otwórz czat", ar: "فتح المحادثة" };

/** The language to speak: the page's wish, else the inbox's, else the first of the browser's that we have, else the workspace's. */
export const chooseLanguage = (wish: string | undefined, { language, fallback_language }: Pick<Site, "language" | "fallback_language">, browser: readonly string[]): string =>
  [wish ?? "", language, ...browser, fallback_language ?? ""].map((tag) => tag.slice(0, 2)).find((tag) => labels[tag]) ?? "en";
