import { Button, Icon } from "@rapport/ui";
import type { Message } from "../../client/nouns";
import { t } from "../../i18n";
import type { Stop } from "./stops";

type StopProps = { why: Stop; newest: Message | undefined; onSend: () => void; onEdit: () => void; onDiscard: () => void };

/** Holds a message and says why: above all when something has come in that the writer has not seen. */
export function StopBar({ why, newest, onSend, onEdit, onDiscard }: StopProps) {
  return (
    <div className="stop" role="alert">
      <Icon name="alert" />
      <div className="grow">
        <b>{t(`stop.${why}`)}</b>
        {why === "unseen" && newest && <p className="cut" dir="auto">{newest.author.name}: {newest.reply_text || newest.text}</p>}
        <div className="actions">
          <Button look="on-tint" onClick={onSend}>{t("stop.sendAnyway")}</Button>
          <Button look="on-tint" onClick={onEdit}>{t("stop.edit")}</Button>
          {why === "unseen" && <Button look="on-tint" onClick={onDiscard}>{t("stop.discard")}</Button>}
        </div>
      </div>
    </div>
  );
}
