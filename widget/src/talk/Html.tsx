import type { ComponentChildren } from "preact";
import { LINK, safe } from "./text";

const plain = new Set(["p", "br", "b", "strong", "i", "em", "u", "s", "del", "ul", "ol", "li", "blockquote", "code", "pre", "h1", "h2", "h3", "h4", "hr", "table", "tbody", "thead", "tr", "td", "th", "sub", "sup"]);
const dropped = new Set(["script", "style", "template", "title", "svg", "math", "iframe", "object", "noscript"]);

/** The server has cleaned it, and even then it is drawn tag by tag from a short list: no styles, no scripts, no pictures. */
export function Html({ html }: { html: string }) {
  const { body } = new DOMParser().parseFromString(trusted(html) as string, "text/html");
  return <>{[...body.childNodes].map((node) => drawn(node, 0))}</>;
}

function drawn(node: Node, depth: number): ComponentChildren {
  if (node.nodeType === 3) return node.nodeValue;
  if (node.nodeType !== 1 || depth > 40) return null;
  const name = (node as Element).localName;
  if (dropped.has(name)) return null;
  const inner = [...node.childNodes].map((each) => drawn(each, depth + 1));
  if (name === "a") {
    const href = safe((node as Element).getAttribute("href") ?? "");
    return href ? <a href={href} {...LINK}>{inner}</a> : <>{inner}</>;
  }
  if (name === "img") return (node as Element).getAttribute("alt");
  if (!plain.has(name)) return name === "div" ? <p>{inner}</p> : <>{inner}</>;
  const Tag = name as "p";
  return name === "br" || name === "hr" ? <Tag /> : <Tag>{inner}</Tag>;
}

// Pages that demand Trusted Types allow the policy `rapport`; parsing makes no script run, drawing is by the list above.
let policy: { createHTML(html: string): unknown } | undefined;
function trusted(html: string): unknown {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): typeof policy } }).trustedTypes;
  if (!types) return html;
  try {
    policy ??= types.createPolicy("rapport", { createHTML: (text: string) => text });
  } catch {
    // The page has forbidden it; the words without their form remain.
  }
  return policy ? policy.createHTML(html) : html;
}
