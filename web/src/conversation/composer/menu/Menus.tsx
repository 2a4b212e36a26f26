import "./menu.css";
import type { Editor } from "@tiptap/react";
import { lazy, Suspense } from "react";
import { useAgents, useMe, useTeams } from "../../../account/people";
import type { DraftKind } from "../../../client/nouns";
import type { Values } from "../../../settings/mail/template";
import { MentionMenu } from "./MentionMenu";
import { NumberMenu } from "./NumberMenu";
import { SlashMenu } from "./SlashMenu";
import { useCaret } from "./useCaret";

export type Desk = { kind: DraftKind; values: Values; conversationId?: number; /** Goes over to a note that names somebody; without it no one can be mentioned. */ onNote?: (name: string) => void };

const EmojiMenu = lazy(() => import("./EmojiMenu"));

/** What is typed after a : at the beginning of a word: two letters of a name at least, as a colon alone is most often a colon. A second colon asks for all. */
const typedEmoji = (before: string) => /(?:^|\s):(:\p{L}{0,20}|\p{L}{2,20})$/u.exec(before)?.[1] ?? null;

/** What is offered while one types: / for texts and actions, @ for teammates, # for conversations, : for emoji. */
export default function Menus({ editor, desk }: { editor: Editor; desk: Desk }) {
  const myId = useMe().agent.id;
  const people = useAgents().filter((agent) => agent.state === "active" && agent.id !== myId);
  const teams = useTeams();
  const emoji = useCaret(editor, typedEmoji);
  return (
    <>
      <SlashMenu editor={editor} kind={desk.kind} values={desk.values} conversationId={desk.conversationId} />
      {(desk.kind === "note" || desk.onNote) && <MentionMenu editor={editor} people={people} teams={teams} onNote={desk.kind === "reply" ? desk.onNote : undefined} />}
      <NumberMenu editor={editor} ownId={desk.conversationId} />
      {emoji.at && <Suspense><EmojiMenu editor={editor} at={emoji.at} onLeave={emoji.leave} /></Suspense>}
    </>
  );
}
