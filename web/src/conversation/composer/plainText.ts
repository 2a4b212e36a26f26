import type { JSONContent } from "@tiptap/core";

/** The words of a document without its looks: paragraphs parted by a blank line, list items by a dash or a number. */
export function plainText(doc: JSONContent): string {
  return (doc.content ?? []).map((block) => blockText(block)).join("\n\n").trimEnd();
}

function blockText(block: JSONContent): string {
  const inner = block.content ?? [];
  switch (block.type) {
    case "bulletList":
      return inner.map((item) => `- ${itemText(item)}`).join("\n");
    case "orderedList":
      return inner.map((item, n) => `${n + 1}. ${itemText(item)}`).join("\n");
    case "blockquote":
      return inner.map(blockText).join("\n\n").split("\n").map((line) => `> ${line}`).join("\n");
    default:
      return inner.map(inlineText).join("");
  }
}

function itemText(item: JSONContent): string {
  return (item.content ?? []).map(blockText).join("\n").replaceAll("\n", "\n  ");
}

function inlineText(node: JSONContent): string {
  if (node.type === "hardBreak") return "\n";
  if (node.type === "picture") return node.attrs?.["alt"] ? `[${node.attrs["alt"]}]` : "";
  const href = node.marks?.find((mark) => mark.type === "link")?.attrs?.["href"] as string | undefined;
  const text = node.text ?? "";
  return href && href !== text && !href.startsWith("mailto:") ? `${text} (${href})` : text;
}

/** Whether the looks say more than the words, so that HTML is worth sending. */
export function hasLooks(doc: JSONContent): boolean {
  const plain = new Set(["doc", "paragraph", "text", "hardBreak"]);
  return !plain.has(doc.type ?? "doc") || Boolean(doc.marks?.length) || (doc.content ?? []).some(hasLooks);
}

/** Plain text as the editor wants it. */
export function htmlOf(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return text ? safe.split(/\n{2,}/).map((paragraph) => `<p>${paragraph.replaceAll("\n", "<br>")}</p>`).join("") : "";
}
