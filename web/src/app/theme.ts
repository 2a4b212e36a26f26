import type { Theme } from "../client/nouns";
import { memory } from "./memory";

const storageKey = "rapport.theme";
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

export const theme = memory<Theme>((localStorage.getItem(storageKey) as Theme | null) ?? "system");

/** What is on screen, also where it follows a system that turns dark in the evening. */
export const shownTheme = memory<"light" | "dark">(document.documentElement.dataset["theme"] === "dark" ? "dark" : "light");

function paint() {
  const dark = theme.get() === "dark" || (theme.get() === "system" && systemIsDark.matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  shownTheme.set(dark ? "dark" : "light");
}

theme.subscribe(() => {
  localStorage.setItem(storageKey, theme.get());
  paint();
});
systemIsDark.addEventListener("change", paint);

/** The other of light and dark than what is on screen. */
export function otherTheme(): Theme {
  return shownTheme.get() === "dark" ? "light" : "dark";
}
