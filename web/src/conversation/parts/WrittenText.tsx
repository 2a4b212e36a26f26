import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { showToast } from "@rapport/ui";
import type { ReactNode } from "react";
import { t } from "../../i18n";
import { mentionsOf } from "../mentionsOf";
import { numberedQuery } from "../queries";

const link = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Plain text as it was typed, with addresses of pages as links. */
export function WrittenText({ text, language, names = [] }: { text: string; language?: string; /** Of a note: whose mentions are marked. Numbers of conversations lead to them there. */ names?: string[] }) {
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
  const pattern = mentionsOf(names);
  if (!pattern) return [text];
  return text.split(pattern).flatMap<ReactNode>((part, n) => (n % 2 === 1 ? [<span key={`m${n}`} className="mention">{part}</span>] : withNumbers(part, `n${n}`)));
}

function withNumbers(text: string, key: string): ReactNode[] {
  return text.split(/(?<![\p{L}\p{N}&/])#(\d{1,9})(?!\d)/u).map((part, n) => (n % 2 === 1 ? <NumberLink key={`${key}.${n}`} number={Number(part)} /> : part));
}

/** Leads to the conversation of a number, as far as whoever presses it may see it. */
function NumberLink({ number }: { number: number }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  async function go() {
    const found = await client.fetchQuery(numberedQuery(number)).catch(() => null);
    if (found) void navigate({ to: "/c/$id", params: { id: String(found.id) }, search: (now) => now });
    else showToast({ text: t("number.none", { number: String(number) }) });
  }
  return <button type="button" className="link" onClick={() => void go()}>#{number}</button>;
}
