import { Avatar, Icon } from "@rapport/ui";
import { useAgents } from "../../account/people";
import type { Message } from "../../client/nouns";
import { t } from "../../i18n";
import { clock, exact } from "../../i18n/dates";
import { languageOf } from "../../i18n/language";
import { everybody } from "../composer/recipients";
import { Attachments } from "./Attachments";
import { DeliveryTrouble, DeliveryWord } from "./Delivery";
import { MailFrame } from "./MailFrame";
import { WrittenText } from "./WrittenText";

/** A note among teammates. The words say so, not the colour alone. */
export function NoteCard({ message, conversationId }: { message: Message; conversationId: number }) {
  const names = useAgents().map((agent) => agent.name);
  const { author } = message;
  const language = message.language || languageOf(message.text);
  const shows = message.attachments.some((file) => file.inline); // a picture in its text
  return (
    <article className="note" aria-label={t("message.noteBy", { name: author.name })}>
      <header>
        <Avatar name={author.name} seed={author.id} photo={author.photo_url} size={20} />
        <b className="cut" dir="auto" lang={languageOf(author.name)}>{author.name}</b>
        {message.flags.includes("forwarded") ? (
          <span className="quiet"><Icon name="forward" size={12} /><span className="cut" dir="auto">{t("forward.to", { names: everybody(message) })}</span></span>
        ) : (
          <span className="quiet"><Icon name="lock" size={12} /><span className="cut">{t("message.onlyTeam")}</span></span>
        )}
        <DeliveryWord message={message} />
        <time dateTime={message.created_at} title={exact(message.created_at)}>{clock(message.created_at)}</time>
      </header>
      <div className="note-body">
        {shows && message.id > 0 ? <MailFrame conversationId={conversationId} message={message} language={language} names={names} showsQuote /> : <WrittenText text={message.text} language={language} names={names} />}
      </div>
      <Attachments attachments={message.attachments.filter((file) => !file.inline)} />
      <DeliveryTrouble message={message} conversationId={conversationId} />
    </article>
  );
}
