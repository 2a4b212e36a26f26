/** Letters as they are searched: without case and marks; Korean syllables in their parts, so that one half typed is found. */
export function folded(text: string): string {
  return text.toLocaleLowerCase().normalize("NFD").replaceAll(/[\u0300-\u036f]/g, "").replaceAll("ł", "l");
}

const BEGINS = 4;
const BEGINS_WORD = 3;
const INSIDE = 2;
const SCATTERED = 1;

/** How well a label fits what is typed: every word of it has to be found somewhere. Null when it does not fit. */
export function fitOf(label: string, typed: string): number | null {
  const text = folded(label);
  let sum = 0;
  for (const word of folded(typed).split(/\s+/).filter(Boolean)) {
    const fit = text.startsWith(word) ? BEGINS : text.split(/[\s\-_/.:]+/).some((part) => part.startsWith(word)) ? BEGINS_WORD : text.includes(word) ? INSIDE : scattered(text, word) ? SCATTERED : 0;
    if (fit === 0) return null;
    sum += fit;
  }
  return sum;
}

/** Whether the letters stand in the text in this order, the first one at the beginning of a word: "rfp" is in "refund policy". */
function scattered(text: string, word: string): boolean {
  if (word.length < 3) return false;
  return text.split(/\s+/).some((_, n, words) => {
    let at = 0;
    const rest = words.slice(n).join(" ");
    if (rest[0] !== word[0]) return false;
    for (const letter of rest) if (letter === word[at]) at++;
    return at >= word.length;
  });
}

type Ranked = { key: string; group: string; label: string; also?: string; uses?: number };

/** What is offered for what is typed, in groups, the best group first; with nothing typed what was used last comes first, in a group of its own. */
export function ranked<T extends Ranked>(entries: T[], typed: string, recent: string[], recentGroup: string, each = 6): T[] {
  const age = (entry: T) => (recent.includes(entry.key) ? recent.indexOf(entry.key) : recent.length);
  const ordered = (list: T[]) => list.toSorted((a, b) => age(a) - age(b) || (b.uses ?? 0) - (a.uses ?? 0));
  const groups = [...new Set(entries.map((entry) => entry.group))];
  if (typed.trim() === "") {
    const last = ordered(entries.filter((entry) => recent.includes(entry.key))).slice(0, 3);
    const rest = entries.filter((entry) => !last.includes(entry));
    return [...last.map((entry) => ({ ...entry, group: recentGroup })), ...groups.flatMap((group) => ordered(rest.filter((entry) => entry.group === group)).slice(0, each))];
  }
  const found = entries.flatMap((entry) => {
    const byName = fitOf(entry.label, typed);
    const byOther = entry.also ? fitOf(entry.also, typed) : null;
    const fit = Math.max(byName ?? 0, (byOther ?? 0) - 0.5);
    return fit > 0 ? [{ entry, fit }] : [];
  });
  const best = (group: string) => Math.max(0, ...found.filter(({ entry }) => entry.group === group).map(({ fit }) => fit));
  return groups.toSorted((a, b) => best(b) - best(a)).flatMap((group) => {
    const mine = found.filter(({ entry }) => entry.group === group);
    return mine.toSorted((a, b) => b.fit - a.fit || age(a.entry) - age(b.entry) || (b.entry.uses ?? 0) - (a.entry.uses ?? 0)).map(({ entry }) => entry).slice(0, each);
  });
}
