import { Icon } from "@rapport/ui";
import { useState } from "react";
import type { Message } from "../../client/nouns";
import { t } from "../../i18n";
import { clock, exact } from "../../i18n/dates";
import { DeliveryTrouble } from "./Delivery";
import { WrittenText } from "./WrittenText";

/** What was written in nobody's name: one grey line, its words a press away. */
export function AutomaticLine({ message, conversationId }: { message: Message; conversationId: number }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <div className="event">
        <Icon name="mail" />
        <span dir="auto">{wordsOf(message)}</span>
        <button type="button" className="link nowrap" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? t("automatic.hide") : t("automatic.show")}</button>
        <time dateTime={message.created_at} title={exact(message.created_at)}>{clock(message.created_at)}</time>
      </div>
      {open && <div className="automatic-words"><WrittenText text={message.text} language={message.language} /></div>}
      <DeliveryTrouble message={message} conversationId={conversationId} />
    </div>
  );
}

function wordsOf({ delivery, to }: Message): string {
  const name = to[0]?.address ?? "";
  if (delivery?.state === "held" && delivery.until) return `${t("automatic.held", { name, time: clock(delivery.until) })} ${delivery.reason}`;
  return delivery?.state === "sent" ? t("automatic.sent", { name }) : t("automatic.going", { name });
}
