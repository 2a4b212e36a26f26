import { Extension } from "@tiptap/core";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import type { Values } from "../../settings/mail/template";
import { variablesIn } from "./variables";

/** Marks variables in the text: those that will be filled, and those for which nothing is known here. */
export const VariableMarks = Extension.create<{ values: () => Values | undefined; says: (open: boolean) => string }>({
  name: "variableMarks",
  addOptions: () => ({ values: () => undefined, says: () => "" }),
  addProseMirrorPlugins() {
    const { values, says } = this.options;
    return [
      new Plugin({
        key: new PluginKey("variableMarks"),
        props: {
          decorations: ({ doc }) => {
            const known = values();
            if (!known) return null;
            const marks: Decoration[] = [];
            doc.descendants((node, at) => {
              if (node.isText && node.text?.includes("{{")) {
                for (const { from, to, open } of variablesIn(node.text, known)) marks.push(Decoration.inline(at + from, at + to, { class: open ? "variable open" : "variable", title: says(open) }));
              }
            });
            return DecorationSet.create(doc, marks);
          },
        },
      }),
    ];
  },
});
