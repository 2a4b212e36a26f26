import { mentionsOf } from "./mentionsOf";

const QUOTES = "[data-quote], .gmail_quote, .yahoo_quoted";
const STYLED = "[bgcolor], [style*='background'], [style*='color'], font[color], style, table";

const LETTERS = "rapport-letters";
const faces: { ours?: string; korean?: string } = {};

/** The faces of our letters as the page has them: a frame is a document of its own and would not know them. */
function facesOf(text: string): string {
  const named = (family: RegExp) => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSFontFaceRule && family.test(rule.style.getPropertyValue("font-family"))).map((rule) => rule.cssText).join("");
  faces.ours ||= named(/Inter/);
  if (!/\p{Script=Hangul}/u.test(text)) return faces.ours;
  faces.korean ||= named(/Pretendard/);
  return faces.ours + faces.korean;
}

const plain = new WeakMap<Document, boolean>();

/** Whether a mail came with no look of its own, so that it may take ours, dark ground included. What we give it is no look of its own. */
function isPlain(inside: Document): boolean {
  if (!plain.has(inside)) plain.set(inside, inside.body.querySelector(STYLED) === null);
  return plain.get(inside)!;
}

/** Gives the mail our type, and our colours when it has none itself; otherwise a white ground, as its writer expected. */
export function dressFrame(frame: HTMLIFrameElement, language: string | undefined) {
  const inside = frame.contentDocument!;
  const outside = getComputedStyle(document.documentElement);
  const takesOurs = isPlain(inside);
  const root = inside.documentElement.style;
  const body = inside.body.style;
  frame.classList.toggle("own-ground", !takesOurs);
  if (language) inside.documentElement.lang = language;
  frame.style.colorScheme = takesOurs ? outside.colorScheme : "light";
  root.colorScheme = takesOurs ? outside.colorScheme : "light";
  root.background = takesOurs ? "transparent" : "white";
  root.overflowY = "hidden";
  body.background = root.background;
  body.margin = takesOurs ? "0" : "12px";
  if (!inside.getElementById(LETTERS)) {
    const letters = inside.createElement("style");
    letters.id = LETTERS;
    letters.textContent = facesOf(inside.body.textContent ?? "");
    inside.head.append(letters);
  }
  body.font = getComputedStyle(frame).font;
  body.color = takesOurs ? outside.getPropertyValue("--text") : "black";
  body.overflowWrap = "anywhere";
  for (const link of inside.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    if (takesOurs) link.style.color = outside.getPropertyValue("--accent-text");
  }
  for (const quote of takesOurs ? inside.querySelectorAll<HTMLElement>("[data-quote]") : []) {
    quote.style.color = outside.getPropertyValue("--text-2");
    quote.style.borderColor = outside.getPropertyValue("--line-strong");
  }
  tidyParagraphs(inside);
}

/** Paragraphs stand 8 px apart as everywhere else, and the first and the last do not push. */
function tidyParagraphs(inside: Document) {
  for (const paragraph of inside.body.querySelectorAll<HTMLElement>("p")) paragraph.style.margin = paragraph.previousElementSibling ? "8px 0 0" : "0";
}

/** Marks who is mentioned in a note, as in one without pictures. */
export function markNames(inside: Document, names: string[]) {
  const pattern = mentionsOf(names);
  if (!pattern || inside.body.querySelector("[data-mention]")) return;
  const walker = inside.createTreeWalker(inside.body, 4);
  const texts: Node[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  const mark = getComputedStyle(document.documentElement).getPropertyValue("--note-mark");
  for (const text of texts) {
    const parts = text.textContent!.split(pattern);
    if (parts.length === 1) continue;
    const pieces = parts.map((part, n) => (n % 2 === 1 ? marked(inside, part, mark) : inside.createTextNode(part)));
    (text as Text).replaceWith(...pieces);
  }
}

function marked(inside: Document, words: string, ground: string): HTMLElement {
  const element = inside.createElement("span");
  element.textContent = words;
  element.dataset["mention"] = "";
  Object.assign(element.style, { background: ground, borderRadius: "3px", padding: "0 2px", fontWeight: "500" });
  return element;
}

/** Folds or unfolds what the mail repeats from earlier mails at its end, and tells whether there is any. newWords is what the server takes for the new words. */
export function foldQuote(inside: Document, folded: boolean, newWords = ""): boolean {
  const said = whatIsSaid(inside);
  const kept = newestOf(said, newWords) ?? beforeQuotes(said);
  const quote = kept.length > 0 && kept.length < said.length ? [...elementsAfter(inside, kept)] : [];
  for (const element of quote) element.style.display = folded ? "none" : "";
  return quote.length > 0;
}

const begins = /[\p{L}\p{N}]|^\s*[-_–—]{2,}\s*$/u; // not a full stop that stood apart, but the line above a signature
const letters = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, "");

/** The beginning that says the new words and nothing else; none when they are not said in that way. */
function newestOf(said: Node[], newWords: string): Node[] | undefined {
  const wanted = letters(newWords);
  let read = "";
  for (const [n, each] of said.entries()) {
    if (wanted !== "" && read === wanted && begins.test(each.textContent!)) return said.slice(0, n);
    read += letters(each.textContent!);
    if (!wanted.startsWith(read)) return undefined;
  }
  return read === wanted && wanted !== "" ? said : undefined;
}

/**
 * What stands before the quotes that nothing follows, and before the line above each ("On Tuesday Ewa wrote:"). A quote among
 * somebody's own words belongs to them.
 */
function beforeQuotes(said: Node[]): Node[] {
  let kept = said;
  for (let quote = quoteAround(kept.at(-1)); quote; quote = quoteAround(kept.at(-1))) {
    const before = quote.previousElementSibling;
    const folds = before?.textContent?.trim().endsWith(":") ? [before, quote] : [quote];
    kept = kept.filter((each) => !folds.some((one) => one.contains(each)));
  }
  return kept;
}

/** The largest elements that hold nothing of what is kept, and stand behind it. */
function* elementsAfter(inside: Document, kept: Node[]): Generator<HTMLElement> {
  const last = kept.at(-1)!;
  const walker = inside.createTreeWalker(inside.body);
  const isBehind = (node: Node) => Boolean(last.compareDocumentPosition(node) & 4);
  const outermost = (node: Node): Node => (node.parentElement && node.parentElement !== inside.body && isBehind(node.parentElement) ? outermost(node.parentElement) : node);
  const behind: Node[] = [];
  while (walker.nextNode()) if (isBehind(walker.currentNode)) behind.push(walker.currentNode);
  for (const node of new Set(behind.map(outermost))) {
    if (node.nodeName !== "#text") yield node as HTMLElement;
    else if (node.textContent!.trim() !== "") yield wrapped(inside, node);
  }
}

/** Words that stand bare among elements, in an element of their own. */
function wrapped(inside: Document, words: Node): HTMLElement {
  const element = inside.createElement("span");
  words.parentNode!.replaceChild(element, words);
  element.append(words);
  return element;
}

/** Words and pictures, in order. */
function whatIsSaid(inside: Document): Node[] {
  const walker = inside.createTreeWalker(inside.body);
  const said: Node[] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeName === "IMG" || (node.nodeName === "#text" && node.textContent!.trim() !== "")) said.push(node);
  }
  return said;
}

/** The outermost quote in which something is said. */
function quoteAround(said: Node | undefined): HTMLElement | undefined {
  let quote: HTMLElement | undefined;
  for (let around = said?.parentElement; around; around = around.parentElement) if (around.matches(QUOTES)) quote = around;
  return quote;
}

/** Takes the place of pictures from elsewhere, which the mail's policy has held back, and tells whether there are any. */
export function hideForeignImages(inside: Document): boolean {
  const foreign = [...inside.images].filter((image) => /^https?:/.test(image.src) && new URL(image.src).origin !== window.location.origin);
  for (const image of foreign) image.style.display = "none";
  return foreign.length > 0;
}

/** Keeps a frame as high as what is in it, until the returned function is called. */
export function keepHeight(frame: HTMLIFrameElement): () => void {
  const inside = frame.contentDocument!;
  const measure = () => (frame.style.blockSize = `${Math.ceil(inside.documentElement.getBoundingClientRect().height)}px`);
  measure();
  const sizes = new ResizeObserver(measure);
  sizes.observe(inside.documentElement);
  sizes.observe(inside.body);
  return () => sizes.disconnect();
}
