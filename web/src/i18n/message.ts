export type Values = Record<string, string | number>;

/**
 * Fills in a message: `{name}` and `{n, plural, one {# day} other {# days}}`. Plural forms come from the language.
 * A number is written as the language writes it.
 */
export function format(message: string, values: Values, language: string): string {
  let out = "";
  for (let at = 0; at < message.length; ) {
    if (message[at] !== "{") {
      out += message[at++];
      continue;
    }
    const end = closing(message, at);
    out += argument(message.slice(at + 1, end), values, language);
    at = end + 1;
  }
  return out;
}

function closing(message: string, open: number): number {
  let depth = 0;
  for (let at = open; at < message.length; at++) {
    if (message[at] === "{") depth++;
    else if (message[at] === "}" && --depth === 0) return at;
  }
  throw new Error(`unclosed brace in "${message}"`);
}

function argument(inside: string, values: Values, language: string): string {
  const [name = "", kind, ...rest] = splitAtCommas(inside);
  const value = values[name] ?? "";
  if (kind !== "plural") return typeof value === "number" ? number(value, language) : value;
  const forms = plurals(rest.join(","));
  const form = forms[new Intl.PluralRules(language).select(Number(value))] ?? forms["other"] ?? "";
  return format(form, values, language).replaceAll("#", number(Number(value), language));
}

function splitAtCommas(inside: string): string[] {
  const [name, kind, ...rest] = inside.split(",");
  return [name!.trim(), ...(kind === undefined ? [] : [kind.trim(), ...rest])];
}

function plurals(text: string): Record<string, string> {
  const forms: Record<string, string> = {};
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf("{", at);
    if (open < 0) break;
    const end = closing(text, open);
    forms[text.slice(at, open).trim()] = text.slice(open + 1, end);
    at = end + 1;
  }
  return forms;
}

const numbers = new Map<string, Intl.NumberFormat>();

export function number(value: number, language: string): string {
  let format = numbers.get(language);
  if (!format) numbers.set(language, (format = new Intl.NumberFormat(language)));
  return format.format(value);
}

/** The names a message needs, sorted, to compare translations. */
export function placeholders(message: string): string[] {
  return [...new Set([...message.matchAll(/(?<!\b(?:zero|one|two|few|many|other) )\{(\w+)\s*[,}]/g)].map((match) => match[1]!))].sort();
}
