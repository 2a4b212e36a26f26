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
function folded(html: string, newWords?: string): string {
  const inside = mail(html);
  foldQuote(inside, true, newWords);
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
  const outlook = `<div style="border-top:solid"><p><b>From:</b> Miska<br><b>Sent:</b> Friday</p></div><p>Dear Ewa, a new bowl.</p>`;
  it.each([
    ["below the new words that the server found, without any mark", `<p>Yes please.</p>${outlook}`, "Yes please.", "Yes please."],
    ["with the signature", `<p>Yes, <b>please</b>.</p><p>-- <br>Ewa</p>${outlook}`, "Yes, please.", "Yes, please."],
    ["where words stand bare", `Yes please.<br>From: Miska<br>Dear Ewa`, "Yes please.", "Yes please."],
    ["by its marks, where the server read other words", `<p>Yes please.</p>${attribution}${quote}`, "Yes please. Or no.", "Yes please."],
    ["not at all, where the new words go to the end", `${quote}<p>M please.</p>`, "> Dear Ewa, a new bowl.\n\nM please.", "Dear Ewa, a new bowl.M please."],
  ])("goes %s", (_, html, newWords, left) => expect(folded(html, newWords)).toBe(left));
  it.each([[`<p>Thank you.</p>${quote}`, true], [`<p>Thank you.</p>`, false], ["", false], [quote, false]])("of %s: %s", (html, has) => {
    const inside = mail(html);
    expect(foldQuote(inside, true)).toBe(has);
    expect(foldQuote(inside, false)).toBe(has);
    expect(inside.querySelector("[style*='none']")).toBeNull();
  });
});
