import { describe, expect, it } from "vitest";
import { hasLooks, plainText } from "./plainText";

const text = (words: string, marks?: { type: string; attrs?: Record<string, string> }[]) => ({ type: "text", text: words, ...(marks && { marks }) });
const p = (...content: object[]) => ({ type: "paragraph", content });
const doc = (...content: object[]) => ({ type: "doc", content });
const li = (words: string) => ({ type: "listItem", content: [p(text(words))] });

describe("plainText", () => {
  it.each([
    ["paragraphs", doc(p(text("Dear Ewa,")), p(text("all is well."))), "Dear Ewa,\n\nall is well."],
    ["line breaks", doc(p(text("a"), { type: "hardBreak" }, text("b"))), "a\nb"],
    ["lists", doc({ type: "bulletList", content: [li("rice"), li("chicken")] }), "- rice\n- chicken"],
    ["numbers", doc({ type: "orderedList", content: [li("boil"), li("wait")] }), "1. boil\n2. wait"],
    ["quotes", doc({ type: "blockquote", content: [p(text("again"))] }), "> again"],
    ["links with their address", doc(p(text("our page", [{ type: "link", attrs: { href: "https://miska.example" } }]))), "our page (https://miska.example)"],
    ["bare links once", doc(p(text("https://miska.example", [{ type: "link", attrs: { href: "https://miska.example" } }]))), "https://miska.example"],
    ["nothing", doc(p()), ""],
  ])("%s", (_, document, expected) => expect(plainText(document)).toBe(expected));
});

describe("hasLooks", () => {
  it("is false for words and breaks only", () => expect(hasLooks(doc(p(text("a"), { type: "hardBreak" })))).toBe(false));
  it("is true for a mark", () => expect(hasLooks(doc(p(text("a", [{ type: "bold" }]))))).toBe(true));
  it("is true for a list", () => expect(hasLooks(doc({ type: "bulletList", content: [li("a")] }))).toBe(true));
});
