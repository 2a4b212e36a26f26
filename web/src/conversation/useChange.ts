import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { showToast } from "@rapport/ui";
import { useAgents, useTeams } from "../account/people";
import { shownKeys } from "../app/keys";
import { api } from "../client/fetch";
import { messageOf } from "../client/problem";
import type { Conversation } from "../client/nouns";
import { t } from "../i18n";
import { findConversation, patchConversation } from "./cache";
import { inverseOf, patchOf, wordsOf, type Change } from "./change";
import { conversationKeys } from "./queries";

/** Shows the change at once, tells the server, and takes it back with an explanation when the server refuses. */
async function apply(client: QueryClient, id: number, change: Change): Promise<void> {
  const before = findConversation(client, id);
  patchConversation(client, id, patchOf(change));
  try {
    const answer = await api.put<Conversation | undefined>(`/conversations/${id}/${change.field}`, patchOf(change));
    if (answer?.version) patchConversation(client, id, answer);
    void client.invalidateQueries({ queryKey: conversationKeys.views });
  } catch (error) {
    if (before) patchConversation(client, id, patchOf(inverseOf(change, before)));
    showToast({ text: t("error.takenBack"), sub: messageOf(error), action: { label: t("action.retry"), icon: "retry", run: () => void apply(client, id, change) } });
  }
}

/** Changes a conversation, with Undo in a toast instead of a question beforehand. */
export function useChange() {
  const client = useQueryClient();
  const agents = useAgents();
  const teams = useTeams();
  const names = {
    agent: (id: number) => agents.find((agent) => agent.id === id)?.name ?? "",
    team: (id: number) => teams.find((team) => team.id === id)?.name ?? "",
  };
  return (id: number, change: Change) => {
    const before = findConversation(client, id);
    void apply(client, id, change);
    if (!before) return;
    const back = inverseOf(change, before);
    showToast({
      text: wordsOf(change, names), sub: before.contact.name,
      action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => void apply(client, id, back) },
    });
  };
}
