import { Button, Icon } from "@rapport/ui";
import type { Message } from "../../client/nouns";
import { t } from "../../i18n";
import { Ago } from "../../app/Ago";
import type { Stop } from "./stops";
import type { Stopped } from "./useSend";

type StopProps = { stop: Stopped; messages: Message[]; myId: number; onSend: () => void; onEdit: () => void; onDiscard: () => void };

const SHOWN = 3;
const sends: Record<Stop, boolean> = { unseen: true, attachment: true, many: true, variables: false, check: true };

/** Holds a message and says why: above all when something has come in that the writer has not seen, which is shown. */
export function StopBar({ stop: { why, names, since, findings }, messages, myId, onSend, onEdit, onDiscard }: StopProps) {
  const came = why === "unseen" ? cameSince(messages, since, myId) : [];
  return (
    <div className="stop" role="alert">
      <Icon name="alert" />
      <div className="grow">
        <b>{t(`stop.${why}`, { names: names.map((name) => `{{${name}}}`).join(", ") })}</b>
        {came.length > 0 && (
          <ul className="came">
            {came.slice(-SHOWN).map((message) => (
              <li key={message.id}>
                <Icon name={message.kind === "note" ? "lock" : message.kind === "reply" ? "forward" : "mail"} size={12} />
                <b className="nowrap" dir="auto">{message.author.name || message.author.address || t("contact.visitor")}</b>
                <span className="quiet nowrap">{t(`stop.came.${message.kind}`)}</span>
                <span className="cut" dir="auto">{(message.reply_text || message.text).trim().replaceAll(/\s+/g, " ")}</span>
                <Ago at={message.created_at} />
              </li>
            ))}
            {came.length > SHOWN && <li className="quiet">{t("stop.more", { n: came.length - SHOWN })}</li>}
          </ul>
        )}
        {findings && (
          <ul className="came">
            {findings.map(({ why: what, words, better }) => (
              <li key={what + words}><span><b>{t(`check.${what}`)}</b> <q dir="auto">{words}</q>{better ? ` ${t("check.better", { better })}` : ` ${t(`check.${what}.why`)}`}</span></li>
            ))}
          </ul>
        )}
        <div className="actions">
          {sends[why] && <Button look="on-tint" onClick={onSend}>{t("stop.sendAnyway")}</Button>}
          <Button look="on-tint" onClick={onEdit}>{t("stop.edit")}</Button>
          {why === "unseen" && <Button look="on-tint" onClick={onDiscard}>{t("stop.discard")}</Button>}
        </div>
      </div>
    </div>
  );
}

/** What others have said since the writer last looked. */
export function cameSince(messages: Message[], since: number, myId: number): Message[] {
  return messages.filter((message) => message.id > 0 && message.position > since && !(message.author.kind === "agent" && message.author.id === myId));
}
