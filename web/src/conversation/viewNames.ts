import type { IconName } from "@rapport/ui";
import { channelIcon } from "../app/channelIcon";
import type { Conversation, Inbox, View } from "../client/nouns";
import { currentLanguage, t, type MessageKey } from "../i18n";
import { number } from "../i18n/message";
import { isSaved } from "./savedViews";

const standard: Record<string, { name: MessageKey; icon: IconName }> = {
  mine: { name: "view.mine", icon: "inbox" },
  unassigned: { name: "view.unassigned", icon: "people" },
  all_open: { name: "view.all_open", icon: "stack" },
  waiting: { name: "view.waiting", icon: "clock" },
  snoozed: { name: "view.snoozed", icon: "snooze" },
  closed: { name: "view.closed", icon: "checkCircle" },
  spam: { name: "view.spam", icon: "ban" },
};

export function viewName(view: Pick<View, "key" | "name">): string {
  const known = standard[view.key];
  return known ? t(known.name) : view.name;
}

/** The number on a view; "+" when there are, or may be, more. */
export function countOf({ count, more }: Pick<View, "count" | "more">): string {
  return number(count, currentLanguage()) + (more ? "+" : "");
}

/** The drawing of a view: an inbox has that of its channel. */
export function viewIcon(key: string, inboxes: Pick<Inbox, "id" | "channel">[]): IconName {
  if (key.startsWith("team:")) return "people";
  if (isSaved(key)) return "filter";
  return standard[key]?.icon ?? channelIcon(inboxes.find((inbox) => key === `inbox:${inbox.id}`)?.channel ?? "email");
}

/** Whether a conversation is of a standard view, as the server decides it; used only to count what has newly come in. */
export function belongs(conversation: Conversation, view: string, myId: number): boolean {
  const { status, spam, snoozed_until, assignee_id, inbox_id, team_id } = conversation;
  if (view === "spam") return spam;
  if (spam) return false;
  if (view === "closed") return status === "closed";
  if (view === "snoozed") return snoozed_until !== null;
  if (view === "waiting") return status === "pending" && snoozed_until === null;
  if (status !== "open" || snoozed_until !== null) return false;
  if (view === "mine") return assignee_id === myId;
  if (view === "unassigned") return assignee_id === null;
  if (view === "all_open") return true;
  return view === `inbox:${inbox_id}` || view === `team:${team_id}`;
}
