import type { Editor } from "@tiptap/react";
import { useEffect, useState, useSyncExternalStore } from "react";

/** What is typed after a sign such as / or @, and where it stands in the document with its sign. */
export type Typed = { typed: string; from: number; to: number };

/** Follows what is typed after a sign at the caret; null when nothing is. `find` reads it from the line before the caret. */
export function useCaret(editor: Editor, find: (before: string) => string | null): { at: Typed | null; leave: () => void } {
  const [left, setLeft] = useState(-1);
  const key = useSyncExternalStore(
    (listener) => {
      for (const event of ["transaction", "focus", "blur"] as const) editor.on(event, listener);
      return () => {
        for (const event of ["transaction", "focus", "blur"] as const) editor.off(event, listener);
      };
    },
    () => JSON.stringify(typedAt(editor, find)),
  );
  const at = JSON.parse(key) as Typed | null;
  useEffect(() => {
    if (at === null) setLeft(-1);
  }, [at === null]);
  return { at: at?.from === left ? null : at, leave: () => at && setLeft(at.from) };
}

function typedAt(editor: Editor, find: (before: string) => string | null): Typed | null {
  const { $from, empty } = editor.state.selection;
  if (!empty || !editor.isFocused || editor.isActive("codeBlock") || editor.isActive("code")) return null;
  const typed = find($from.parent.textBetween(0, $from.parentOffset, "\n", "\n"));
  return typed === null ? null : { typed, from: $from.pos - typed.length - 1, to: $from.pos };
}
