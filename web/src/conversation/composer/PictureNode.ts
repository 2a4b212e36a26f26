import { Node } from "@tiptap/core";

/** A picture in the text. Where it is to be seen is asked of whoever knows the files. */
export const Picture = Node.create<{ urlOf: (id: number) => string | undefined }>({
  name: "picture",
  group: "inline",
  inline: true,
  draggable: true,
  addOptions: () => ({ urlOf: () => undefined }),
  addAttributes: () => ({
    id: { default: 0, parseHTML: (element) => Number(element.dataset["picture"]), renderHTML: ({ id }) => ({ "data-picture": String(id) }) },
    alt: { default: "" },
    width: { default: null },
  }),
  parseHTML: () => [{ tag: "img[data-picture]" }],
  renderHTML: ({ HTMLAttributes }) => ["img", { ...HTMLAttributes, style: "max-width:100%" }],
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("img");
      dom.className = "in-text";
      dom.alt = node.attrs["alt"] as string;
      if (node.attrs["width"]) dom.width = Number(node.attrs["width"]);
      dom.src = this.options.urlOf(node.attrs["id"] as number) ?? "";
      return { dom };
    };
  },
});
