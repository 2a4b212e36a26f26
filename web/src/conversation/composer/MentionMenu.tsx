import { Avatar } from "@rapport/ui";
import { useEditorState, type Editor } from "@tiptap/react";
import { useEffect, useId, useState } from "react";
import type { Agent } from "../../client/nouns";
import { t } from "../../i18n";
import { languageOf } from "../../i18n/language";
import { teammatesFor, typedName } from "./mentions";

const SHOWN = 6;

/** The name being typed after an @: where it stands and what there is of it. */
function nameAt(editor: Editor) {
  const { $from, empty } = editor.state.selection;
  if (!empty || !editor.isFocused) return null;
  const typed = typedName($from.parent.textBetween(0, $from.parentOffset, "\n", "\n"));
  return typed === null ? null : { typed, from: $from.pos - typed.length - 1, to: $from.pos };
}

/** Offers teammates while an @ is typed: arrows choose, Enter or Tab takes, Esc leaves it as it is. */
export function MentionMenu({ editor, people }: { editor: Editor; people: Agent[] }) {
  const name = useEditorState({ editor, selector: ({ editor: now }) => nameAt(now) });
  const [left, setLeft] = useState(-1);
  const [at, setAt] = useState(0);
  const id = useId();
  const found = name && name.from !== left ? teammatesFor(name.typed, people).slice(0, SHOWN) : [];
  const chosen = Math.min(at, found.length - 1);
  const open = found.length > 0;
  useEffect(() => setAt(0), [name?.typed]);
  useEffect(() => {
    if (name === null) setLeft(-1);
  }, [name]);

  function take(agent: Agent | undefined) {
    if (name && agent) editor.chain().focus().insertContentAt(name, { type: "text", text: `@${agent.name} ` }).run();
  }
  useEffect(() => {
    if (!open) return;
    const { dom } = editor.view;
    dom.setAttribute("aria-controls", id);
    dom.setAttribute("aria-activedescendant", `${id}-${chosen}`);
    const keyed = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown") setAt((chosen + 1) % found.length);
      else if (event.key === "ArrowUp") setAt((chosen + found.length - 1) % found.length);
      else if ((event.key === "Enter" || event.key === "Tab") && !event.metaKey && !event.ctrlKey) take(found[chosen]);
      else if (event.key === "Escape") setLeft(name!.from);
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    dom.addEventListener("keydown", keyed, true);
    return () => {
      dom.removeEventListener("keydown", keyed, true);
      dom.removeAttribute("aria-controls");
      dom.removeAttribute("aria-activedescendant");
    };
  });
  if (!open || !name) return null;
  const caret = editor.view.coordsAtPos(name.from);
  return (
    <div className="popover mention-menu" role="listbox" id={id} aria-label={t("settings.teammates")} style={{ insetInlineStart: caret.left, insetBlockEnd: window.innerHeight - caret.top + 6 }}>
      {found.map((agent, n) => (
        <div
          key={agent.id} id={`${id}-${n}`} className="option" role="option" aria-selected={n === chosen} onPointerMove={() => setAt(n)}
          onMouseDown={(event) => { event.preventDefault(); take(agent); }}
        >
          <Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={20} />
          <span className="cut" dir="auto" lang={languageOf(agent.name)}>{agent.name}</span>
        </div>
      ))}
    </div>
  );
}
