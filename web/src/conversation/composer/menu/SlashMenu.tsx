import { Icon } from "@rapport/ui";
import type { Editor } from "@tiptap/react";
import { useAllCommands, type Command } from "../../../app/commands";
import { shownKeys } from "../../../app/keys";
import { useMacroRun } from "../../../automation/useMacroRun";
import type { DraftKind } from "../../../client/nouns";
import { t } from "../../../i18n";
import { languageOf } from "../../../i18n/language";
import type { Values } from "../../../settings/mail/template";
import { CaretMenu, type Offer } from "./CaretMenu";
import { ranked } from "./fuzzy";
import { Preview, StepsOf } from "./Preview";
import { putText } from "./put";
import { recentlyTaken, tookNow } from "./recent";
import { countUse, useMacros, useSnippets, type Macro, type Snippet } from "./texts";
import { useCaret, type Typed } from "./useCaret";

/** What is typed after a / at the beginning of a word. */
const typedCommand = (before: string) => /(?:^|\s)\/((?:[^\s/][^\n/]{0,40})?)$/u.exec(before)?.[1] ?? null;

export type SlashProps = { editor: Editor; kind: DraftKind; values: Values; conversationId?: number };
type Entry = Omit<Offer, "take" | "group"> & { group: string; also?: string; uses?: number; run: (at: Typed) => void };

/** One menu for snippets, macros and what can be done here. */
export function SlashMenu({ editor, kind, values, conversationId }: SlashProps) {
  const { at, leave } = useCaret(editor, typedCommand);
  if (!at) return null;
  return <Open editor={editor} kind={kind} values={values} conversationId={conversationId} at={at} onLeave={leave} />;
}

function Open({ editor, kind, values, conversationId, at, onLeave }: SlashProps & { at: Typed; onLeave: () => void }) {
  const run = useRunMacro(editor, kind, values, conversationId);
  const commands = useAllCommands().filter((command) => command.group === "writing" || (command.group === "conversation" && !command.keyOnly));
  const macros = useMacros();
  const entries: Entry[] = [
    ...useSnippets().map((snippet) => snippetEntry(snippet, values, (where) => { putText(editor, snippet, values, where); countUse(snippet.id); })),
    ...(conversationId ? macros.map((macro) => macroEntry(macro, values, (where) => run(macro, where))) : []),
    ...commands.map((command) => commandEntry(command, (where) => { editor.chain().deleteRange(where).run(); window.setTimeout(command.run); })),
  ];
  const offers: Offer[] = ranked(entries, at.typed, recentlyTaken(), t("slash.recent")).map(({ run: then, ...entry }) => ({ ...entry, take: (where) => { tookNow(entry.key); then(where); } }));
  return <CaretMenu editor={editor} at={at} label={t("slash.label")} offers={offers} onLeave={onLeave} wide />;
}

function snippetEntry(snippet: Snippet, values: Values, run: Entry["run"]): Entry {
  return {
    key: `snippet.${snippet.id}`, group: t("slash.snippets"), label: snippet.name, language: snippet.language || languageOf(snippet.name), also: `${snippet.key} ${snippet.folder}`, uses: snippet.uses, run,
    mark: <Icon name="form" />,
    sub: snippet.approved ? <span className="approved"><Icon name="checkCircle" size={12} />{t("slash.approved")}</span> : snippet.folder || undefined,
    aside: () => <Preview text={snippet.text} values={values} title={snippet.name} approved={snippet.approved} />,
  };
}

function macroEntry(macro: Macro, values: Values, run: Entry["run"]): Entry {
  return {
    key: `macro.${macro.id}`, group: t("slash.macros"), label: macro.name, language: languageOf(macro.name), also: `${macro.key} ${macro.folder}`, uses: macro.uses, run,
    mark: <Icon name="repeat" />, sub: macro.folder || undefined, aside: () => <StepsOf macro={macro} values={values} />,
  };
}

function commandEntry(command: Command, run: Entry["run"]): Entry {
  return { key: `command.${command.id}`, group: t("slash.actions"), label: command.label, also: command.also, mark: <Icon name={command.icon ?? "keyboard"} />, sub: command.keys && <kbd>{shownKeys(command.keys)}</kbd>, run };
}

/** Does all of a macro at once; its answer comes into the text and waits there to be sent. */
function useRunMacro(editor: Editor, kind: DraftKind, values: Values, conversationId?: number) {
  const run = useMacroRun();
  return (macro: Macro, at: Typed) => {
    if (!conversationId) return;
    editor.chain().deleteRange(at).run();
    const put = (reply: { text: string; html: string }) => {
      if (editor.isDestroyed) return false;
      const end = Math.min(at.from, editor.state.doc.content.size);
      putText(editor, reply, values, { from: end, to: end });
      return true;
    };
    void run(macro, conversationId, { reply: kind === "reply" ? put : null });
  };
}
