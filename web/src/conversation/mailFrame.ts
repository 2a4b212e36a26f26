const QUOTES = "[data-quote], .gmail_quote, .yahoo_quoted";
const STYLED = "[bgcolor], [style*='background'], [style*='color'], font[color], style, table";

/** Whether a mail has no look of its own, so that it may take ours, dark ground included. */
export function isPlainlyStyled(inside: Document): boolean {
  return inside.body.querySelector(STYLED) === null;
}

/** Gives the mail our type, and our colours when it has none itself; otherwise a white ground, as its writer expected. */
export function dressFrame(frame: HTMLIFrameElement, language: string | undefined) {
  const inside = frame.contentDocument!;
  const outside = getComputedStyle(document.documentElement);
  const plain = isPlainlyStyled(inside);
  const root = inside.documentElement.style;
  const body = inside.body.style;
  frame.classList.toggle("own-ground", !plain);
  if (language) inside.documentElement.lang = language;
  frame.style.colorScheme = plain ? outside.colorScheme : "light";
  root.colorScheme = plain ? outside.colorScheme : "light";
  root.background = plain ? "transparent" : "white";
  root.overflowY = "hidden";
  body.background = root.background;
  body.margin = plain ? "0" : "12px";
  body.font = getComputedStyle(frame).font;
  body.color = plain ? outside.getPropertyValue("--text") : "black";
  body.overflowWrap = "anywhere";
  for (const link of inside.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    if (plain) link.style.color = outside.getPropertyValue("--accent-text");
  }
  tidyParagraphs(inside);
}

/** Paragraphs stand 8 px apart as everywhere else, and the first and the last do not push. */
function tidyParagraphs(inside: Document) {
  for (const paragraph of inside.body.querySelectorAll<HTMLElement>("p")) paragraph.style.margin = paragraph.previousElementSibling ? "8px 0 0" : "0";
}

/** Folds or unfolds what the mail repeats from earlier mails at its end, and tells whether there is any. */
export function foldQuote(inside: Document, folded: boolean): boolean {
  const quote = quoteAtEnd(inside);
  for (const element of quote) element.style.display = folded ? "none" : "";
  return quote.length > 0;
}

/**
 * The quotes that nothing follows, each with the line above it ("On Tuesday Ewa wrote:"). A quote among somebody's own words belongs
 * to them, and of a mail that says nothing else nothing is folded.
 */
function quoteAtEnd(inside: Document): HTMLElement[] {
  const found: HTMLElement[] = [];
  let said = whatIsSaid(inside);
  for (let quote = quoteAround(said.at(-1)); quote; quote = quoteAround(said.at(-1))) {
    const before = quote.previousElementSibling as HTMLElement | null;
    const folds = before?.textContent?.trim().endsWith(":") ? [before, quote] : [quote];
    said = said.filter((each) => !folds.some((one) => one.contains(each)));
    found.push(...folds);
  }
  return said.length > 0 ? found : [];
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
