import type { Change } from "../conversation/change";
import type { BulkChange, Conversation, Priority, Status } from "../client/nouns";

/** One thing done to several conversations: the body of the request. */
export type ManyChange =
  | { do: "status"; status: Status }
  | { do: "assignee"; assignee_id: number | null }
  | { do: "team"; team_id: number | null }
  | { do: "priority"; priority: Priority }
  | { do: "tags"; add_tags?: string[]; remove_tags?: string[] }
  | { do: "snooze"; snoozed_until: string | null }
  | { do: "spam"; spam: boolean };

/** What a row shows at once, before the server has answered. */
export function patchFor(change: ManyChange, row: Conversation): Partial<Conversation> {
  if (change.do !== "tags") {
    const { do: _, ...patch } = change;
    return change.do === "status" ? { ...patch, snoozed_until: null } : patch;
  }
  const folded = (tag: string) => tag.toLocaleLowerCase();
  const gone = new Set((change.remove_tags ?? []).map(folded));
  const kept = row.tags.filter((tag) => !gone.has(folded(tag)));
  return { tags: [...kept, ...(change.add_tags ?? []).filter((tag) => !kept.some((have) => folded(have) === folded(tag)))] };
}

/** The same change as of one conversation, for its words. */
export function asOne(change: ManyChange): Change {
  if (change.do === "tags") return { field: "tags", tags: [] };
  const { do: field, ...patch } = change;
  return { field, ...patch } as Change;
}

/** What of a conversation is taken back when the server has refused it. */
export function restOf(row: Conversation): Partial<Conversation> {
  const { status, assignee_id, team_id, priority, tags, snoozed_until, spam } = row;
  return { status, assignee_id, team_id, priority, tags, snoozed_until, spam };
}

export const isOver = (run: BulkChange) => run.state === "done" || run.state === "undone";

/** The reasons of what was not done, each once. */
export function reasonsOf(run: BulkChange): string {
  const reasons = run.items.filter((item) => item.state === "refused" || item.state === "kept").map((item) => item.reason);
  return [...new Set(reasons)].slice(0, 2).join(" ");
}
