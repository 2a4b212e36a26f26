import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Icon } from "@rapport/ui";
import type { Editor } from "@tiptap/react";
import { channelIcon } from "../../../app/channelIcon";
import { api } from "../../../client/fetch";
import type { Conversation, Page, SearchResult } from "../../../client/nouns";
import { t } from "../../../i18n";
import { languageOf } from "../../../i18n/language";
import { CaretMenu, type Offer } from "./CaretMenu";
import { useCaret } from "./useCaret";

const SHOWN = 6;

/** What is typed after a # at the beginning of a word: a number or the beginning of a subject. */
export const typedNumber = (before: string) => /(?:^|[\s(])#((?:[\p{L}\p{N}][^\n#]{0,40})?)$/u.exec(before)?.[1] ?? null;

/** Names another conversation by its number: only those the agent may see are offered. */
export function NumberMenu({ editor, ownId }: { editor: Editor; ownId?: number }) {
  const { at, leave } = useCaret(editor, typedNumber);
  const typed = at?.typed.trim() ?? "";
  const { data } = useQuery({ queryKey: ["conversation", "named", typed], queryFn: ({ signal }) => find(typed, signal), enabled: typed !== "", placeholderData: keepPreviousData, staleTime: 10_000 });
  if (!at || typed === "" || !data) return null;
  const offers = data.filter((each) => each.id !== ownId).slice(0, SHOWN).map((each): Offer => {
    const about = each.subject || each.excerpt;
    return {
      key: String(each.id), mark: <Icon name={channelIcon(each.channel)} />, label: `#${each.number} ${about}`, language: languageOf(about), sub: each.contact.name || each.contact.address,
      take: ({ from, to }) => void editor.chain().focus().insertContentAt({ from, to }, { type: "text", text: `#${each.number} ` }).run(),
    };
  });
  return <CaretMenu editor={editor} at={at} label={t("number.label")} offers={offers} onLeave={leave} />;
}

type Named = Pick<Conversation, "id" | "number" | "subject" | "excerpt" | "channel" | "contact">;

/** The conversation of the number first, then those in which the words stand. */
async function find(typed: string, signal: AbortSignal): Promise<Named[]> {
  const number = /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
  const [numbered, found] = await Promise.all([
    number > 0 ? api.get<Page<Conversation>>("/conversations", { number, limit: 1 }, signal).then((page) => page.items) : [],
    typed.length > 1 ? api.get<SearchResult>("/search", { q: typed, limit: SHOWN }, signal).then((result) => result.conversations) : [],
  ]);
  return [...numbered, ...found.filter((each) => !numbered.some(({ id }) => id === each.id))];
}
