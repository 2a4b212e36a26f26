import { describe, expect, it } from "vitest";
import { foldQuote } from "./mailFrame";

const attribution = `<p>On Friday Miska wrote:</p>`;
const quote = `<blockquote data-quote="1"><p>Dear Ewa, a new bowl.</p></blockquote>`;

function mail(html: string): Document {
  const inside = document.implementation.createHTMLDocument();
  inside.body.innerHTML = html;
  return inside;
}

/** What is left to read of a mail when its quote is folded. */
function folded(html: string): string {
  const inside = mail(html);
  foldQuote(inside, true);
  for (const hidden of inside.querySelectorAll<HTMLElement>("[style*='none']")) hidden.remove();
  return inside.body.textContent!.replace(/\s+/g, " ").trim();
}

describe("what a mail repeats from earlier mails", () => {
  it.each([
    ["goes with the line above it", `<p>Thank you.</p>${attribution}${quote}`, "Thank you."],
    ["goes with everything around it", `<div>Thank you.</div><div class="gmail_quote"><div>On Friday Miska wrote:</div>${quote}</div>`, "Thank you."],
    ["goes in all its parts", `<p>Thank you.</p>${quote}${quote}<br>`, "Thank you."],
    ["stays between answers", `${quote}<p>M please.</p>${quote}<p>Red.</p>`, "Dear Ewa, a new bowl.M please.Dear Ewa, a new bowl.Red."],
    ["stays above the last answer, and goes below it", `${quote}<p>M please.</p>${quote}`, "Dear Ewa, a new bowl.M please."],
    ["stays when a picture follows", `<p>See</p>${quote}<img src="bowl.png">`, "SeeDear Ewa, a new bowl."],
    ["stays when it is all that the mail says", `${attribution}${quote}`, "On Friday Miska wrote:Dear Ewa, a new bowl."],
  ])("%s", (_, html, left) => expect(folded(html)).toBe(left));
  it.each([[`<p>Thank you.</p>${quote}`, true], [`<p>Thank you.</p>`, false], ["", false], [quote, false]])("of %s: %s", (html, has) => {
    const inside = mail(html);
    expect(foldQuote(inside, true)).toBe(has);
    expect(foldQuote(inside, false)).toBe(has);
    expect(inside.querySelector("[style*='none']")).toBeNull();
  });
});
