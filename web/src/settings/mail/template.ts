import { htmlOf } from "../../conversation/composer/plainText";

/** What a variable stands for, by name. One without a value is not there. */
export type Values = Record<string, string | undefined>;

/** A text with looks and pictures, or in plain words alone. */
export type Rich = { text: string; html: string };

const form = /\{\{\s*([a-z_]+\.[a-z_]+)\s*(\|([^{}]*))?\}\}/g;

/** The text in HTML as a customer gets it, as the server fills it (both read automation/variables.json); what cannot be filled stays as it is and is named. */
export function fill(html: string, values: Values): { html: string; open: string[] } {
  const { filled, open } = fillWith(html, values, escaped);
  return { html: filled, open };
}

/** The same for a text without looks. */
export function fillPlain(text: string, values: Values): { text: string; open: string[] } {
  const { filled, open } = fillWith(text, values, (value) => value);
  return { text: filled, open };
}

function fillWith(text: string, values: Values, write: (value: string) => string): { filled: string; open: string[] } {
  const open = new Set<string>();
  const filled = text.replace(form, (found: string, name: string, bar: string | undefined, otherwise: string | undefined) => {
    const value = values[name];
    if (value) return write(value);
    if (bar) return (otherwise ?? "").trim();
    open.add(name);
    return found;
  });
  return { filled, open: [...open] };
}

const escaped = (words: string) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&#34;").replaceAll("'", "&#39;");
const markup = ({ text, html }: Rich) => html || htmlOf(text);
const empty = ({ text, html }: Rich) => !text && !html;

/** A whole answer: the template around the words, the signature below. */
export function letter(template: Rich, signature: Rich, words: Rich, values: Values): { html: string; open: string[] } {
  const around = fill(markup(template), values);
  const signed = fill(markup(signature), values);
  const paragraph = /<p(?: [^<>]*)?>\s*\{\{message\}\}\s*<\/p>|\{\{message\}\}/;
  const body = empty(template) ? markup(words) : around.html.replace(paragraph, () => markup(words));
  return { html: body + (empty(signature) ? "" : `<p>-- </p>${signed.html}`), open: [...new Set([...around.open, ...signed.open])] };
}
