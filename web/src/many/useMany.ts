import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { hideToast, showToast } from "@rapport/ui";
import { useAgents, useTeams } from "../account/people";
import { shownKeys } from "../app/keys";
import { api } from "../client/fetch";
import type { BulkChange, Conversation } from "../client/nouns";
import { messageOf } from "../client/problem";
import { findConversation, patchConversation } from "../conversation/cache";
import { wordsOf } from "../conversation/change";
import { conversationKeys, type ListFilter } from "../conversation/queries";
import { t } from "../i18n";
import { asOne, isOver, patchFor, reasonsOf, restOf, type ManyChange } from "./change";

/** The chosen conversations, or the list they are all of. */
export type Target = { ids: number[]; all: ListFilter | null; count: number };

const LOOK_MS = 700;
const wait = (ms: number) => new Promise((done) => window.setTimeout(done, ms));

/** Reads a long change again until it is over, and says how far it is. */
async function followed(run: BulkChange): Promise<BulkChange> {
  for (let now = run; ; now = await api.get<BulkChange>(`/bulk-changes/${run.id}`)) {
    if (isOver(now)) return now;
    const toast = showToast({ text: t("many.working"), sub: t("many.progress", { done: now.total - now.waiting, total: now.total }), seconds: 2 * LOOK_MS });
    await wait(LOOK_MS);
    hideToast(toast);
  }
}

function shownAgain(client: QueryClient, lists: boolean) {
  void client.invalidateQueries({ queryKey: conversationKeys.views });
  if (lists) void client.invalidateQueries({ queryKey: conversationKeys.lists });
}

/** Does one thing to many conversations: at once on the screen, in one request, with Undo for all of it. */
export function useMany() {
  const client = useQueryClient();
  const agents = useAgents();
  const teams = useTeams();
  const names = {
    agent: (id: number) => agents.find((agent) => agent.id === id)?.name ?? "",
    team: (id: number) => teams.find((team) => team.id === id)?.name ?? "",
  };

  async function send(target: Target, change: ManyChange, clientId: string) {
    const before = target.ids.map((id) => findConversation(client, id)).filter((row): row is Conversation => row !== undefined);
    for (const row of before) patchConversation(client, row.id, patchFor(change, row));
    const restore = (ids?: Set<number>) => before.forEach((row) => (!ids || ids.has(row.id)) && patchConversation(client, row.id, restOf(row)));
    const asked = api.post<BulkChange>("/bulk-changes", { client_id: clientId, ...(target.all ? { filter: { view: target.all.view, ...(target.all.q && { q: target.all.q }) } } : { ids: target.ids }), ...change });
    const toast = showToast({
      text: wordsOf(asOne(change), names), sub: t("many.count", { n: target.count }),
      action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => void takeBack() },
    });
    async function takeBack() {
      restore();
      try {
        const back = await followed(await api.post<BulkChange>(`/bulk-changes/${(await asked).id}/undo`));
        const kept = new Set(back.items.filter((item) => item.state === "kept").map((item) => item.conversation_id));
        if (back.kept > 0) showToast({ text: t("many.kept", { n: back.kept }), sub: reasonsOf(back) });
        shownAgain(client, kept.size > 0 || target.all !== null);
      } catch (error) {
        showToast({ text: messageOf(error), action: { label: t("action.retry"), icon: "retry", run: () => void takeBack() } });
      }
    }
    try {
      const run = await followed(await asked);
      if (run.refused > 0) {
        restore(new Set(run.items.filter((item) => item.state === "refused").map((item) => item.conversation_id)));
        showToast({ text: t("many.refused", { n: run.refused }), sub: reasonsOf(run) });
      }
      shownAgain(client, target.all !== null);
    } catch (error) {
      hideToast(toast);
      restore();
      showToast({ text: t("error.takenBack"), sub: messageOf(error), action: { label: t("action.retry"), icon: "retry", run: () => void send(target, change, clientId) } });
    }
  }
  return (target: Target, change: ManyChange) => void send(target, change, crypto.randomUUID());
}
