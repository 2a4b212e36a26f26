const HUES = 8;
const hangulName = /^[가-힣]{2,4}$/;

/** Initials of a name: two letters, or for a Korean name the given name (박지우: 지우). */
export function initialsOf(name: string): string {
  const clean = name.trim();
  if (hangulName.test(clean)) return clean.length > 2 ? clean.slice(-2) : clean;
  const words = clean.split(/[\s@.]+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

/** One of eight grounds, always the same for the same seed (FNV-1a). */
export function hueOf(seed: number | string): number {
  let hash = 0x811c9dc5;
  for (const char of String(seed)) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return (hash >>> 0) % HUES;
}

const tones = [1, 2, 3, 4, 6] as const;

/** The dot of a tag, always the same for the same word. */
export function toneOf(tag: string): number {
  return tones[hueOf(tag) % tones.length]!;
}
