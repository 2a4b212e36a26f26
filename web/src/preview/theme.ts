import type { PreviewLook } from "./contract";

/** A style sheet that asks what the system likes, answered with one theme. */
export function themed(css: string, theme: PreviewLook["theme"]): string {
  return css
    .replaceAll(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/g, (_, asked) => (asked === theme ? "(min-width: 0px)" : "(max-width: 0px)"))
    .replaceAll(/color-scheme\s*:\s*light dark/g, `color-scheme: ${theme}`);
}

/** From now on the chat looks as on a screen with this theme, whatever the system says. */
export function pretendTheme(theme: () => PreviewLook["theme"]) {
  const replaceSync = CSSStyleSheet.prototype.replaceSync;
  CSSStyleSheet.prototype.replaceSync = function (css) {
    replaceSync.call(this, themed(css, theme()));
  };
}
