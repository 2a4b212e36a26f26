import { Avatar, Icon } from "@rapport/ui";
import type { Editor } from "@tiptap/react";
import type { Agent, Team } from "../../../client/nouns";
import { t } from "../../../i18n";
import { languageOf } from "../../../i18n/language";
import { CaretMenu, type Offer } from "./CaretMenu";
import { teammatesFor, typedName } from "./mentions";
import { useCaret } from "./useCaret";

const SHOWN = 7;

type MentionProps = { editor: Editor; people: Agent[]; teams: Team[]; /** In an answer nobody is mentioned; this changes to a note that says the same name. */ onNote?: (name: string) => void };

/** Offers teammates and teams while an @ is typed in a note; in an answer, the way to a note. */
export function MentionMenu({ editor, people, teams, onNote }: MentionProps) {
  const { at, leave } = useCaret(editor, typedName);
  if (!at || (onNote && at.typed === "")) return null; // an @ in an answer is most often part of an address
  const put = (name: string): Offer["take"] => ({ from, to }) => {
    if (!onNote) return void editor.chain().focus().insertContentAt({ from, to }, { type: "text", text: `@${name} ` }).run();
    editor.chain().deleteRange({ from, to }).run();
    onNote(name);
  };
  const offers: Offer[] = [
    ...teammatesFor(at.typed, people).map((agent): Offer => ({
      key: `a${agent.id}`, mark: <Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={20} />, label: agent.name, language: languageOf(agent.name), take: put(agent.name),
    })),
    ...teammatesFor(at.typed, teams).map((team): Offer => ({ key: `t${team.id}`, mark: <Icon name="people" />, label: team.name, sub: t("mention.team"), take: put(team.name) })),
  ].slice(0, SHOWN);
  return (
    <CaretMenu
      editor={editor} at={at} label={t("mention.label")} onLeave={leave} offers={offers}
      head={onNote && offers.length > 0 && <p className="option-head">{t("mention.onlyInNotes")}</p>}
    />
  );
}
