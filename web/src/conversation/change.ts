import type { Conversation, Priority, Status } from "../client/nouns";
import { t } from "../i18n";
import { until } from "../i18n/dates";

/** One thing about a conversation that a person may change with one key, and take back with another. */
export type Change =
  | { field: "status"; status: Status }
  | { field: "assignee"; assignee_id: number | null }
  | { field: "team"; team_id: number | null }
  | { field: "priority"; priority: Priority }
  | { field: "snooze"; snoozed_until: string | null }
  | { field: "tags"; tags: string[] }
  | { field: "subject"; subject: string }
  | { field: "spam"; spam: boolean };

type Names = { agent: (id: number) => string; team: (id: number) => string };

/** What the change sets: the body of the request and, at once, what the screen shows. */
export function patchOf(change: Change): Partial<Conversation> {
  const { field: _, ...patch } = change;
  return patch;
}

/** How the field is called in a conversation. */
export function propertyOf(field: Change["field"]): keyof Conversation {
  if (field === "assignee" || field === "team") return `${field}_id`;
  return field === "snooze" ? "snoozed_until" : field;
}

/** The change that brings back what was there. */
export function inverseOf(change: Change, before: Conversation): Change {
  switch (change.field) {
    case "status": return { field: "status", status: before.status };
    case "assignee": return { field: "assignee", assignee_id: before.assignee_id };
    case "team": return { field: "team", team_id: before.team_id };
    case "priority": return { field: "priority", priority: before.priority };
    case "snooze": return { field: "snooze", snoozed_until: before.snoozed_until };
    case "tags": return { field: "tags", tags: before.tags };
    case "subject": return { field: "subject", subject: before.subject };
    case "spam": return { field: "spam", spam: before.spam };
  }
}

/** What has been done, for the toast. */
export function wordsOf(change: Change, names: Names): string {
  switch (change.field) {
    case "status": return t(`done.status.${change.status}`);
    case "assignee": return change.assignee_id === null ? t("done.unassigned") : t("done.assigned", { name: names.agent(change.assignee_id) });
    case "team": return change.team_id === null ? t("done.noTeam") : t("done.team", { name: names.team(change.team_id) });
    case "priority": return t("done.priority", { priority: t(`priority.${change.priority}`) });
    case "snooze": return change.snoozed_until === null ? t("done.awake") : t("done.snoozed", { time: until(change.snoozed_until) });
    case "tags": return t("done.tags");
    case "subject": return t("done.subject");
    case "spam": return change.spam ? t("done.spam") : t("done.notSpam");
  }
}
