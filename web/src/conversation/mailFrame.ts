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

/** Folds or unfolds what the mail repeats from earlier mails, with the line above it ("On Tuesday Ewa wrote:"). */
export function showQuote(inside: Document, shown: boolean) {
  for (const quote of inside.querySelectorAll<HTMLElement>(QUOTES)) {
    const before = quote.previousElementSibling;
    const display = shown ? "" : "none";
    quote.style.display = display;
    if (before instanceof inside.defaultView!.HTMLElement && before.textContent?.trim().endsWith(":")) before.style.display = display;
  }
}

/** Takes the place of pictures from elsewhere, which the mail's policy has held back, and tells whether there are any. */
export function hideForeignImages(inside: Document): boolean {
  const foreign = [...inside.images].filter((image) => /^https?:/.test(image.src) && new URL(image.src).origin !== window.location.origin);
  for (const image of foreign) image.style.display = "none";
  return foreign.length > 0;
}
