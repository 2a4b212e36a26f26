import type { Conversation } from "../client/nouns";
import type { Change } from "../conversation/change";
import type { Before } from "../conversation/composer/menu/texts";

const sameTags = (a: string[], b: string[]) => a.length === b.length && a.every((tag) => b.includes(tag));
const sameTime = (a: string | null, b: string | null) => (a === null || b === null ? a === b : Date.parse(a) === Date.parse(b));

/** The changes that bring back what a macro found. The status comes before the snooze, which it would end. */
export function waysBack(before: Before, now: Conversation): Change[] {
  const back: Change[] = [];
  if (before.assignee_id !== now.assignee_id) back.push({ field: "assignee", assignee_id: before.assignee_id });
  if (before.team_id !== now.team_id) back.push({ field: "team", team_id: before.team_id });
  if (!sameTags(before.tags, now.tags)) back.push({ field: "tags", tags: before.tags });
  if (before.priority !== now.priority) back.push({ field: "priority", priority: before.priority });
  const slept = !sameTime(before.snoozed_until, now.snoozed_until);
  if (slept) back.push({ field: "snooze", snoozed_until: null });
  if (before.status !== now.status || slept) back.push({ field: "status", status: before.status });
  if (slept && before.snoozed_until !== null) back.push({ field: "snooze", snoozed_until: before.snoozed_until });
  return back;
}
