import { useQueryClient } from "@tanstack/react-query";
import { Button, Icon } from "@rapport/ui";
import { lazy, Suspense, useState } from "react";
import { api } from "../../client/fetch";
import { useAct } from "../../client/useAct";
import type { Draft, Message } from "../../client/nouns";
import { t } from "../../i18n";
import { until } from "../../i18n/dates";
import { patchConversation, putMessage } from "../cache";
import { broughtBack, localDrafts } from "../localDrafts";

const LaterDialog = lazy(() => import("./LaterDialog"));

/** A mail that waits for its time, or for the mail server: when it goes, and what can still be done. */
export function ScheduledBar({ message, conversationId }: { message: Message; conversationId: number }) {
  const client = useQueryClient();
  const [busy, act] = useAct();
  const [asks, setAsks] = useState(false);
  const { delivery } = message;
  const scheduled = isScheduled(message);
  if (!delivery || (!scheduled && delivery.state !== "delayed")) return null;
  const path = `/conversations/${conversationId}/messages/${message.id}`;
  const move = (at: Date | null) => act(async () => putMessage(client, conversationId, await api.put<Message>(`${path}/send_at`, { send_at: at?.toISOString() ?? null })));
  const takeBack = () => act(async () => {
    const draft = await api.delete<Draft>(`${path}/hold`);
    putMessage(client, conversationId, { ...message, delivery: { state: "cancelled", reason: "", until: null } });
    if (message.kind === "reply" && draft) {
      localDrafts.write(conversationId, "reply", { text: draft.text, html: draft.html, to: draft.to ?? [], cc: draft.cc ?? [], bcc: draft.bcc ?? [], files: draft.attachments ?? [] });
      patchConversation(client, conversationId, { draft: true });
      broughtBack.set((n) => n + 1);
    }
  });
  return (
    <div className="scheduled" role="group" aria-label={t("later.title")}>
      <Icon name="clock" />
      <span className="grow">{scheduled ? t("later.goes", { time: until(delivery.until!) }) : delivery.reason || t("delivery.delayed")}</span>
      <span className="actions">
        {scheduled && <Button size="compact" busy={busy} onClick={() => void move(null)}>{t("later.now")}</Button>}
        {scheduled && <Button size="compact" onClick={() => setAsks(true)}>{t("later.other")}</Button>}
        <Button size="compact" busy={busy} onClick={() => void takeBack()}>{t("later.back")}</Button>
      </span>
      {asks && <Suspense><LaterDialog at={new Date(delivery.until!)} onClose={() => setAsks(false)} onPick={(at) => { setAsks(false); void move(at); }} /></Suspense>}
    </div>
  );
}

const SOON_MS = 45_000;

/** Whether a mail waits for a time of its own, longer than one can undo. */
export function isScheduled({ delivery }: Message): boolean {
  return delivery?.state === "held" && delivery.until !== null && Date.parse(delivery.until) - Date.now() > SOON_MS;
}
