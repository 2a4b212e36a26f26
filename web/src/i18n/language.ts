/** The language of a text as far as its letters tell, for `lang`: line breaking and voices depend on it. */
export function languageOf(text: string): string | undefined {
  if (/[\uac00-\ud7a3]/.test(text)) return "ko";
  if (/[ąćęłńśźż]/i.test(text)) return "pl";
  return undefined;
}
