import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { showToast } from "@rapport/ui";
import { useAgents, useTeams } from "../account/people";
import { shownKeys } from "../app/keys";
import { enqueue, newId } from "../client/queue";
import { t } from "../i18n";
import { findConversation, patchConversation } from "./cache";
import { inverseOf, patchOf, propertyOf, wordsOf, type Change } from "./change";
import type { About } from "./pending";

/** Shows the change at once and has the server told of it, now or when it can be reached. What it was goes along: what a teammate sets meanwhile is not lost. */
export function tellChange(client: QueryClient, id: number, change: Change) {
  const before = findConversation(client, id);
  patchConversation(client, id, patchOf(change));
  const back = before && inverseOf(change, before);
  const clientId = newId();
  void enqueue({
    id: clientId, lane: id, method: "PUT", path: `/conversations/${id}/${change.field}`, unwatched: true,
    body: { ...patchOf(change), ...(back && { was: patchOf(back)[propertyOf(change.field)] }), client_id: clientId },
    about: { type: "change", change, back: back ?? change, name: before?.contact.name || before?.subject || "" } satisfies About,
  });
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
    tellChange(client, id, change);
    if (!before) return;
    const back = inverseOf(change, before);
    showToast({
      text: wordsOf(change, names), sub: before.contact.name,
      action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => tellChange(client, id, back) },
    });
  };
}
