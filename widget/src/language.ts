/** How the launcher is called in the languages in which the widget has words of its own. */
export const labels: Record<string, string> = { en: "Open chat", ko: "채팅 열기", pl: "Otwórz czat", ar: "فتح المحادثة" };

/** The language to speak: the page's wish, else the inbox's, else the first of the browser's that we have. */
export const chooseLanguage = (wish: string | undefined, inbox: string, browser: readonly string[]): string =>
  [wish ?? "", inbox, ...browser].map((tag) => tag.slice(0, 2)).find((tag) => labels[tag]) ?? "en";
