import type { Editor } from "@tiptap/react";
import { fill, type Values } from "../../../settings/mail/template";
import { forEditor } from "../pictures";
import { htmlOf } from "../plainText";
import { variablesIn } from "../variables";
import type { Typed } from "./useCaret";

/** Puts a text where the caret is, its variables filled; the first that stays open is selected, so that the next letter takes its place. */
export function putText(editor: Editor, { text, html }: { text: string; html: string }, values: Values, at: Pick<Typed, "from" | "to">) {
  const filled = fill(forEditor(html || htmlOf(text)), values).html;
  const inline = /^<p>((?:(?!<\/?p[ >]).)*)<\/p>$/s.exec(filled.trim())?.[1];
  editor.chain().focus().insertContentAt({ from: at.from, to: at.to }, inline ?? filled).run();
  const open = firstOpen(editor, at.from, values);
  if (open) editor.commands.setTextSelection(open);
}

function firstOpen(editor: Editor, after: number, values: Values): { from: number; to: number } | null {
  let found: { from: number; to: number } | null = null;
  editor.state.doc.descendants((node, at) => {
    if (found || !node.isText) return !found;
    const open = variablesIn(node.text ?? "", values).find((each) => each.open && at + each.from >= after - 1);
    if (open) found = { from: at + open.from, to: at + open.to };
    return true;
  });
  return found;
}
