import { currentLanguage } from "../i18n";

/** Korean, 한국어 or koreański for ko. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([currentLanguage()], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
