type Named = { id: number; name: string };

/** What is typed of a teammate's name after an @, at the end of the text before the caret; null when no name is being typed. */
export function typedName(before: string): string | null {
  return /(?:^|[\s(])@([\p{L}\p{M}][\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]*)?|)$/u.exec(before)?.[1] ?? null;
}

/** The teammates whose name, or a later word of it, begins with what is typed. */
export function teammatesFor<T extends Named>(typed: string, people: T[]): T[] {
  const wanted = typed.toLocaleLowerCase();
  const begins = (name: string) => name.startsWith(wanted) || name.split(" ").some((word) => word.startsWith(wanted));
  return people.filter((each) => each.name !== "" && begins(each.name.toLocaleLowerCase()));
}

/** The ids of those whose full name stands after an @ in the text, and of all in a team that is named; of two names that fit, the longer. */
export function mentioned(text: string, people: Named[], teams: (Named & { agent_ids: number[] })[] = []): number[] {
  const who = [...people.map(({ id, name }) => ({ name, ids: [id] })), ...teams.map(({ name, agent_ids }) => ({ name, ids: agent_ids }))];
  const longestFirst = who.filter((each) => each.name !== "").sort((a, b) => b.name.length - a.name.length);
  const ids = new Set<number>();
  for (const { index } of text.matchAll(/@/g)) {
    const rest = text.slice(index + 1);
    for (const id of longestFirst.find((each) => rest.startsWith(each.name))?.ids ?? []) ids.add(id);
  }
  return [...ids];
}
