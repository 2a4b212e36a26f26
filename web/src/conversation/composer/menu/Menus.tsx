import "./menu.css";
import type { Editor } from "@tiptap/react";
import { useAgents, useMe, useTeams } from "../../../account/people";
import type { DraftKind } from "../../../client/nouns";
import type { Values } from "../../../settings/mail/template";
import { MentionMenu } from "./MentionMenu";
import { SlashMenu } from "./SlashMenu";

export type Desk = { kind: DraftKind; values: Values; conversationId?: number; /** Goes over to a note that names somebody; without it no one can be mentioned. */ onNote?: (name: string) => void };

/** What is offered while one types: / for texts and actions, @ for teammates. */
export default function Menus({ editor, desk }: { editor: Editor; desk: Desk }) {
  const myId = useMe().agent.id;
  const people = useAgents().filter((agent) => agent.state === "active" && agent.id !== myId);
  const teams = useTeams();
  return (
    <>
      <SlashMenu editor={editor} kind={desk.kind} values={desk.values} conversationId={desk.conversationId} />
      {(desk.kind === "note" || desk.onNote) && <MentionMenu editor={editor} people={people} teams={teams} onNote={desk.kind === "reply" ? desk.onNote : undefined} />}
    </>
  );
}
