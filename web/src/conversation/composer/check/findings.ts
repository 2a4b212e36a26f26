import { doubled, misspelt } from "./spelling";
import { tone, type Tongue } from "./tone";

/** Something that may be worth another look before a message goes out: what it is and the words in question. */
export type Finding = { why: "shouting" | "insult" | "blame" | "greeting" | "curt" | "doubled" | "misspelt"; words: string; better?: string };

/** Looks at the new words of an answer. Nothing leaves the browser; nothing is changed. */
export function findingsIn(text: string, language: Tongue, first: boolean): Finding[] {
  const own = text.split("\n").filter((line) => !/^\s*>/.test(line)).join("\n").replaceAll(/https?:\/\/\S+|\S+@\S+\.\S+|\{\{[^}]*\}\}/g, " ").trim();
  if (own === "") return [];
  return [...tone(own, language, first), ...doubled(own), ...misspelt(own, language)];
}

const letters: Record<Exclude<Tongue, "en">, RegExp> = { ko: /[\uac00-\ud7a3]/g, pl: /[ąćęłńóśźż]|\b(?:nie|się|jest|dziękuj\w+|proszę|dzień|dobry|pozdrawiam|witam|czy|przepraszam\w*)\b/giu };

/** In which of the three languages an answer is written: by its own letters first, then by those of the customer. */
export function tongueOf(text: string, theirs: string): Tongue {
  for (const sample of [text, theirs]) {
    if (sample.match(letters.ko)) return "ko";
    if ((sample.match(letters.pl)?.length ?? 0) > sample.length / 120) return "pl";
    if (sample.trim().length > 12) return "en";
  }
  return "en";
}
