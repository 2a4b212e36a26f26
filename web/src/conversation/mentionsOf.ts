/** Finds the mentions of some people in a text: the whole name after an @, or what one calls them. Null for nobody. */
export function mentionsOf(names: string[]): RegExp | null {
  const wanted = names.flatMap((name) => [name, name.split(" ")[0]!]).filter(Boolean).map((name) => `@${name}`).sort((a, b) => b.length - a.length);
  return wanted.length === 0 ? null : new RegExp(`(${wanted.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "g");
}
