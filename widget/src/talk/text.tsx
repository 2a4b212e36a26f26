import type { ComponentChildren } from "preact";

/** What others wrote, on screen. Text is text: addresses in it become links, numbers to call keep their order, nothing in it becomes a tag. */
export const LINK = { target: "_blank", rel: "noopener nofollow" };
const address = /\bhttps?:\/\/[^\s<>"'`\u3000-\u303f]+|\bwww\.[^\s<>"'`\u3000-\u303f]+\.[^\s<>"'`\u3000-\u303f]+|\+?\d[\d ().-]{6,}\d(?![\d:])/gi;

export function Text({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    if (/^[\d+]/.test(found)) {
      // Between Arabic or Hebrew words its groups would stand in the wrong order.
      parts.push(text.slice(from, index), <bdi dir="ltr">{found}</bdi>);
      from = index + found.length;
      continue;
    }
    const bare = trimmed(found);
    const href = safe(bare.startsWith("www.") ? `https://${bare}` : bare);
    if (!href) continue;
    parts.push(text.slice(from, index), <a href={href} {...LINK} dir="ltr">{bare}</a>);
    from = index + bare.length;
  }
  return <>{parts}{text.slice(from)}</>;
}

/** A sentence's end is not part of an address; a bracket is, when it was opened in it. */
function trimmed(found: string): string {
  for (;;) {
    const end = found.at(-1)!;
    const open = { ")": "(", "]": "[", "}": "{" }[end];
    const extra = open ? found.split(open).length < found.split(end).length : /[.,;:!?…。、'"]/.test(end);
    if (!extra) return found;
    found = found.slice(0, -1);
  }
}

/** Only addresses that open a page or a mail. */
export function safe(href: string): string | null {
  try {
    const url = new URL(href);
    return /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
