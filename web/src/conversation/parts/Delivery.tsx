import { useQueryClient } from "@tanstack/react-query";
import { Button, Icon, type IconName } from "@rapport/ui";
import { api } from "../../client/fetch";
import { useWaits } from "../../client/queue";
import { useAct } from "../../client/useAct";
import type { DeliveryState, Message } from "../../client/nouns";
import { t } from "../../i18n";
import { clock } from "../../i18n/dates";
import { isScheduled } from "./ScheduledBar";
import { conversationKeys } from "../queries";

const icons: Partial<Record<DeliveryState, IconName>> = { held: "clock", queued: "clock", sending: "send", delayed: "clock", sent: "checkTwice" };

/** How far the mail has come, as an icon and a word. */
export function DeliveryWord({ message }: { message: Message }) {
  const { delivery } = message;
  const waits = useWaits(message.id < 0 ? message.client_id : null);
  if (waits) return <span className="delivery queued"><Icon name="clock" size={12} />{t("message.waits")}</span>;
  const icon = delivery && icons[delivery.state];
  if (!delivery || !icon) return null;
  const words = delivery.state === "delayed" && delivery.until ? t("delivery.delayedUntil", { time: clock(delivery.until) }) : isScheduled(message) ? t("later.scheduled") : t(`delivery.${delivery.state}`);
  return (
    <span className={`delivery ${delivery.state}`} title={delivery.reason || undefined}>
      <Icon name={icon} size={12} />
      {words}
    </span>
  );
}

/** What went wrong, inside the message it went wrong for, with its remedy. */
export function DeliveryTrouble({ message, conversationId }: { message: Message; conversationId: number }) {
  const { delivery } = message;
  if (!delivery) return null;
  const whom = delivery.recipients?.filter((each) => each.state === "failed" || each.state === "bounced") ?? [];
  if (delivery.state !== "failed" && delivery.state !== "bounced" && whom.length === 0) return null;
  const names = whom.length > 0 ? whom.map((each) => each.address).join(", ") : message.to.map((each) => each.address).join(", ");
  const reason = whom[0]?.reason || delivery.reason;
  return (
    <div className="bounced" role="alert">
      <Icon name="bounce" />
      <div>
        <b dir="auto">{t("delivery.notDelivered", { names })}</b>
        {reason && <p className="words" dir="auto">{reason}</p>}
        <p>{t("delivery.todo")}</p>
        <RetryButton conversationId={conversationId} messageId={message.id} />
      </div>
    </div>
  );
}

function RetryButton({ conversationId, messageId }: { conversationId: number; messageId: number }) {
  const [busy, act] = useAct();
  const client = useQueryClient();
  const retry = () => act(async () => {
    await api.post(`/conversations/${conversationId}/messages/${messageId}/retry`);
    await client.invalidateQueries({ queryKey: conversationKeys.messages(conversationId) });
  });
  return <Button look="on-tint" busy={busy} onClick={() => void retry()}>{t("delivery.retry")}</Button>;
}
