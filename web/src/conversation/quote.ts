export type Passage = { quoted: boolean; text: string };

/** A text as passages of its own words and of words that stand behind ">", which is taken off. */
export function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  for (const line of text.split("\n")) {
    const quoted = line.startsWith(">");
    const words = quoted ? line.replace(/^> ?/, "") : line;
    const last = passages.at(-1);
    if (last?.quoted === quoted) last.text += `\n${words}`;
    else passages.push({ quoted, text: words });
  }
  return passages.filter((each) => each.text.trim() !== "");
}
