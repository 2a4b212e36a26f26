import { memory } from "../app/memory";
import type { Condition, SavedView, View } from "../client/nouns";
import { usualColumns } from "../conversation/savedViews";

export type Field = Condition["field"];
export type Relation = Condition["relation"];
/** A condition under the hand: it keeps its place on screen while its words change. */
export type Line = Condition & { id: number };
export type Content = { name: string; shared: boolean; all: Line[]; any: Line[]; sort: SavedView["sort"]; columns: SavedView["columns"] };

/** What the editor is open with: a view that is there, or the beginning of a new one. */
export const editing = memory<{ view: View | null; content: Content } | null>(null);

let lastId = 0;

export function lineOf(condition: Condition): Line {
  return { ...condition, id: ++lastId };
}

export function newLine(field: Field = "status"): Line {
  return lineOf({ field, relation: fields[field].relations[0]!, values: fields[field].first ?? [] });
}

export type Kind = "choices" | "words" | "span";

const choice: Relation[] = ["is", "is_not"];
const ago: Relation[] = ["within", "before"];
const wording: Relation[] = ["contains", "not_contains"];
const yes = { kind: "choices", relations: ["is"], single: true } as const;

type Shape = { kind: Kind; relations: readonly Relation[]; first?: string[]; single?: boolean };

/** What can be asked, in the order in which it is offered. */
export const fields: Record<Field, Shape> = {
  status: { kind: "choices", relations: choice },
  assignee: { kind: "choices", relations: choice },
  team: { kind: "choices", relations: choice },
  inbox: { kind: "choices", relations: choice },
  tag: { kind: "choices", relations: choice },
  priority: { kind: "choices", relations: choice },
  waiting: { ...yes, first: ["us"] },
  unread: { ...yes, first: ["yes"] },
  draft: { ...yes, first: ["yes"] },
  activity: { kind: "span", relations: ago, first: ["24h"] },
  created: { kind: "span", relations: ago, first: ["24h"] },
  subject: { kind: "words", relations: wording },
  text: { kind: "words", relations: wording },
  channel: { kind: "choices", relations: choice },
  company: { kind: "choices", relations: choice },
  customer: { kind: "choices", relations: choice },
  spam: { ...yes, first: ["yes"] },
};

/** Fields of a group: whether it is spam is asked of the whole view. */
export function fieldsOf(group: "all" | "any"): Field[] {
  return (Object.keys(fields) as Field[]).filter((field) => group === "all" || field !== "spam");
}

export const emptyContent = (): Content => ({ name: "", shared: false, all: [lineOf({ field: "status", relation: "is", values: ["open"] })], any: [], sort: "newest", columns: usualColumns });

export function contentOf({ name, group, saved }: View): Content {
  if (!saved) return emptyContent();
  return { name, shared: group === "shared", all: saved.conditions.all.map(lineOf), any: saved.conditions.any.map(lineOf), sort: saved.sort, columns: saved.columns };
}

/** What the server is asked: conditions that are not finished yet ask nothing. */
export function conditionsOf({ all, any }: Pick<Content, "all" | "any">) {
  const finished = (lines: Line[]) =>
    lines.map(({ id: _, ...condition }) => ({ ...condition, values: condition.values.filter((value) => value.trim() !== "") })).filter(({ values }) => values.length > 0);
  return { all: finished(all), any: finished(any) };
}

const is = (field: Field, ...values: string[]): Condition => ({ field, relation: "is", values });
const open = is("status", "open");
const standard: Record<string, Condition[]> = {
  mine: [is("assignee", "me"), open], unassigned: [is("assignee", "nobody"), open], all_open: [open], waiting: [is("status", "pending")],
  snoozed: [is("status", "snoozed")], closed: [is("status", "closed")], spam: [is("spam", "yes")],
};

/** The conditions of the list on screen, to begin a view with. */
export function contentOfList(key: string, view: View | undefined, q: string | undefined, sort: "oldest" | "newest" | undefined): Content {
  const [group, id] = key.split(":");
  const begun = view?.saved
    ? { ...contentOf(view), name: "", shared: false }
    : { ...emptyContent(), all: (standard[key] ?? (group === "inbox" || group === "team" ? [is(group, id!), open] : [open])).map(lineOf) };
  const words: Condition[] = q ? [{ field: "text", relation: "contains", values: [q] }] : [];
  return { ...begun, name: q ?? "", all: [...begun.all, ...words.map(lineOf)], sort: sort ?? begun.sort };
}
