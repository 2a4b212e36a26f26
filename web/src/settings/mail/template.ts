/** What a variable stands for, by name. One without a value is not there. */
export type Values = Record<string, string | undefined>;

const form = /\{\{\s*([a-z_]+\.[a-z_]+)\s*(\|([^{}]*))?\}\}/g;

/** The text as a customer gets it, as the server fills it; what cannot be filled stays as it is and is named. */
export function fill(text: string, values: Values): { text: string; open: string[] } {
  const open = new Set<string>();
  const filled = text.replace(form, (found: string, name: string, bar: string | undefined, otherwise: string | undefined) => {
    const value = values[name];
    if (value) return value;
    if (bar) return (otherwise ?? "").trim();
    open.add(name);
    return found;
  });
  return { text: filled, open: [...open] };
}

/** A whole answer: the template around the words, the signature below. */
export function letter(template: string, signature: string, words: string, values: Values): { text: string; open: string[] } {
  const body = fill(template, values);
  const signed = fill(signature, values);
  return { text: (template ? body.text.replace("{{message}}", () => words) : words) + (signed.text && `\n\n-- \n${signed.text}`), open: [...new Set([...body.open, ...signed.open])] };
}
