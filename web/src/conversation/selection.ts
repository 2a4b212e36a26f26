import { memory } from "../app/memory";

/** What is chosen in a list: some of it, or all there is of it, also what is not read yet. */
export type Selection = { ids: ReadonlySet<number>; all: boolean };

const nothing: Selection = { ids: new Set(), all: false };

export const selection = memory<Selection>(nothing);

export const clearSelection = () => selection.get().ids.size > 0 && selection.set(nothing);

/** Takes one in or out. */
export function toggled({ ids }: Selection, id: number): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, all: false };
}

/** Takes in everything between two places of a list, both included. */
export function spanned({ ids }: Selection, rows: readonly { id: number }[], from: number, to: number): Selection {
  const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => row.id);
  return { ids: new Set([...ids, ...between]), all: false };
}
