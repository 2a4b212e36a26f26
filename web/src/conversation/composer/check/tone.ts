import type { Finding } from "./findings";

export type Tongue = "en" | "ko" | "pl";

// Begins and ends of words by hand: \b knows only Latin letters without marks.
const words = (list: string) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${list})(?![\\p{L}\\p{N}])`, "giu");

const insults: Record<Tongue, RegExp> = {
  en: words("idiots?|stupid(?:ity)?|morons?|dumb(?:ass)?|fools?|liars?|pathetic|ridiculous|nonsense|bullshit|crap|shut up|damn(?: you)?|wtf|go to hell|lazy|ignorant|incompetent"),
  ko: /멍청|바보|한심하|미친|닥쳐|꺼져|병신|새끼|씨발|시발|ㅅㅂ|거짓말쟁이|무식하/giu,
  pl: words("idiot\\p{L}*|debil\\p{L}*|kretyn\\p{L}*|głup(?:i|ia|ie|ek|cze|cy|ota)|bzdur\\p{L}*|kłamc\\p{L}*|żałosn\\p{L}*|śmieszn(?:y|a|e) jeste\\p{L}+|zamknij się|spadaj\\p{L}*|cholern\\p{L}*|ignorant\\p{L}*|nienormaln\\p{L}*"),
};

const blame: Record<Tongue, RegExp> = {
  en: words("you (?:should|ought to|could) have (?!an? |the |your |no |any |received|got )\\p{L}+|you (?:failed|forgot|neglected|refused) to|you (?:clearly|obviously) (?:did|have|are|do)\\p{L}*(?: not|n['’]t)?|it(?:['’]s| is) your (?:own )?fault|as (?:i|we) (?:already|clearly) (?:said|told|explained|wrote)|(?:i|we) already told you|you people|that(?:['’]s| is) not (?:my|our) problem|you never|calm down|read (?:my|our) (?:last |previous )?(?:mail|e-?mail|message) (?:again|properly)"),
  ko: /(?:고객님?|귀하|당신)(?:의|이|께서)? ?(?:잘못|실수|탓|책임)|이미 (?:말씀드렸|말했|설명(?:드렸|했))[가-힣]*(?:잖아|는데요|지 않)|제대로 (?:읽|확인|보)[가-힣]*(?:지 않|셨어야|으셨어야)|[가-힣]+셨어야(?:죠| 합니다| 했)|저희 (?:문제|책임|잘못)(?:가|이) 아(?:닙|니)|진정하[세시]/giu,
  pl: words("(?:to )?(?:jest )?(?:pana|pani|państwa|twoja) wina|powinien (?:pan|pan był)|powinna (?:pani|pani była)|trzeba było|jak już (?:pisał\\p{L}*|mówił\\p{L}*|wyjaśniał\\p{L}*)|już (?:pisał|mówił|tłumaczył)(?:am|em|iśmy|yśmy)|to nie (?:mój|nasz) problem|proszę (?:się )?uspokoić(?: się)?|proszę czytać (?:uważnie|ze zrozumieniem)|(?:pan|pani) (?:nigdy|ciągle|oczywiście) nie|nie (?:przeczytał|zrozumiał)(?:a)? (?:pan|pani)"),
};

const greetings: Record<Tongue, RegExp> = {
  en: /^\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|thank you|thanks|welcome|many thanks)(?!\p{L})/iu,
  ko: /^[^\p{L}]*(?:안녕하|반갑습|고객님|감사합|[가-힣]{1,8} ?(?:님|고객님))/iu,
  pl: /^\P{L}*(?:dzień dobry|dobry wieczór|cześć|witam|witaj|szanown\p{L}+|drog[ia]|hej|dziękuj\p{L}+|pani\p{L}* \p{L}+|panie \p{L}+)(?!\p{L})/iu,
};

/** Words in capitals that are names of things, not shouting. */
const LONGEST_ABBREVIATION = 5;
const CURT = { en: 25, ko: 10, pl: 25 } as const;
const closing = /(?:thank|regard|best|cheers|welcome|sure|done|dzięk|pozdraw|proszę|jasne|gotow|감사|네[,. ]|알겠|완료|드리|습니다)/iu;

/** How an answer may sound to who reads it. Only a first answer is expected to greet. */
export function tone(text: string, language: Tongue, first: boolean): Finding[] {
  const out: Finding[] = [];
  const loud = shouted(text);
  if (loud) out.push({ why: "shouting", words: loud });
  for (const [why, list] of [["insult", insults], ["blame", blame]] as const) {
    const found = text.match(list[language]);
    if (found) out.push({ why, words: [...new Set(found.map((each) => each.trim()))].join(", ") });
  }
  const isCurt = text.length < CURT[language] && !text.includes("\n") && !closing.test(text) && !greetings[language].test(text);
  if (isCurt) out.push({ why: "curt", words: text });
  else if (first && text.length > CURT[language] * 1.4 && !greetings[language].test(text)) out.push({ why: "greeting", words: text.split("\n")[0]!.slice(0, 40) });
  return out;
}

/** Two words in capitals running, a long one alone, or several marks of exclamation. */
function shouted(text: string): string | null {
  const capital = /(?<![\p{L}\p{N}-])\p{Lu}{2,}(?:['’]\p{Lu}+)?(?![\p{L}\p{N}-])/gu;
  const running = /(?<![\p{L}\p{N}])\p{Lu}{2,}(?:[ ,!]+\p{Lu}{2,}){2,}(?![\p{L}\p{N}])/u.exec(text)?.[0];
  const long = text.match(capital)?.find((word) => word.length > LONGEST_ABBREVIATION);
  return running ?? long ?? /[^\s!?]{1,20}(?:!{3,}|\?{3,}|(?:!\?|\?!)+)/u.exec(text)?.[0] ?? null;
}
