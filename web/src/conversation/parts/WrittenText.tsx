import type { ReactNode } from "react";

const link = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Plain text as it was typed, with addresses of pages as links. */
export function WrittenText({ text, language, names = [] }: { text: string; language?: string; names?: string[] }) {
  return (
    <>
      {text.trim().split(/\n{2,}/).map((paragraph, n) => (
        <p key={n} className="written" dir="auto" lang={language}>{marked(paragraph, names)}</p>
      ))}
    </>
  );
}

function marked(text: string, names: string[]): ReactNode[] {
  const out: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(link)) {
    out.push(...withMentions(text.slice(at, match.index), names));
    out.push(<a key={match.index} className="link" href={match[0]} target="_blank" rel="noopener noreferrer nofollow">{match[0]}</a>);
    at = match.index + match[0].length;
  }
  out.push(...withMentions(text.slice(at), names));
  return out;
}

function withMentions(text: string, names: string[]): ReactNode[] {
  const wanted = names.flatMap((name) => [name, name.split(" ")[0]!]).map((name) => `@${name}`).sort((a, b) => b.length - a.length);
  if (wanted.length === 0) return [text];
  const pattern = new RegExp(`(${wanted.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "g");
  return text.split(pattern).map((part, n) => (n % 2 === 1 ? <span key={`m${n}`} className="mention">{part}</span> : part));
}
