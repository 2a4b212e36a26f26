import { useState } from "react";
import { useMe } from "../account/people";
import { runCommand, useCommands } from "../app/commands";
import type { ConversationDetail } from "../client/nouns";
import { t } from "../i18n";
import { useChange } from "./useChange";

export type PickerName = "status" | "assignee" | "team" | "priority" | "tags" | "snooze";
export type PickerState = { name: PickerName | null; open: (name: PickerName | null) => void };

/** Keys for what one does with a conversation. Those with a choice open the picker at its place in the head. */
export function useConversationCommands(conversation: ConversationDetail): PickerState {
  const [name, open] = useState<PickerName | null>(null);
  const change = useChange();
  const { agent, permissions } = useMe();
  const { id } = conversation;
  const closed = conversation.status === "closed";
  const toggle = () => change(id, { field: "status", status: closed ? "open" : "closed" });
  const mayChange = permissions.includes("conversation.status");

  useCommands(!mayChange ? [] : [
    { id: "close", label: closed ? t("action.reopen") : t("action.closeConversation"), keys: "E", group: "conversation", icon: "check", also: "done resolve", run: toggle },
    { id: "closeNext", label: t("command.closeNext"), keys: "⇧E", group: "conversation", icon: "checkTwice", run: () => { if (!closed) toggle(); runCommand("list.next"); } },
    { id: "snooze", label: t("command.snooze"), keys: "H", group: "conversation", icon: "snooze", also: "later", run: () => open("snooze") },
    { id: "assign", label: t("command.assign"), keys: "A", group: "conversation", icon: "person", run: () => open("assignee") },
    { id: "assignMe", label: t("command.assignMe"), keys: "I", group: "conversation", icon: "person", also: "take", run: () => change(id, { field: "assignee", assignee_id: agent.id }) },
    { id: "team", label: t("command.team"), keys: "T", group: "conversation", icon: "people", run: () => open("team") },
    { id: "status", label: t("command.status"), keys: "S", group: "conversation", icon: "statusOpen", run: () => open("status") },
    { id: "priority", label: t("command.priority"), keys: "P", group: "conversation", icon: "flag", run: () => open("priority") },
    { id: "tags", label: t("command.tags"), keys: "L", group: "conversation", icon: "tag", also: "label", run: () => open("tags") },
    {
      id: "spam", label: conversation.spam ? t("command.notSpam") : t("command.spam"), keys: "!", group: "conversation", icon: "ban",
      run: () => change(id, { field: "spam", spam: !conversation.spam }),
    },
  ]);
  return { name, open };
}
