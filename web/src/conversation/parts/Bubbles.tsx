import { Avatar, Icon, type IconName } from "@rapport/ui";
import { memo } from "react";
import type { ConversationDetail, Message } from "../../client/nouns";
import { t } from "../../i18n";
import { clock, exact } from "../../i18n/dates";
import { languageOf } from "../../i18n/language";
import type { Reach } from "../chat";
import { Attachments } from "./Attachments";
import { DeliveryTrouble, DeliveryWord } from "./Delivery";
import { MailFrame } from "./MailFrame";
import { WrittenText } from "./WrittenText";

type BubblesProps = { messages: Message[]; conversation: ConversationDetail; reached: Map<number, Reach> };

/** What one person said in the chat without a pause: the visitor at the start, we at the end, the time below the last. */
export const Bubbles = memo(function Bubbles({ messages, conversation, reached }: BubblesProps) {
  const first = messages[0]!;
  const { author } = first;
  const ours = first.kind === "reply";
  const name = author.name || author.address || t("contact.visitor");
  return (
    <article className={ours ? "bubbles ours" : "bubbles"} aria-label={t("message.by", { name })}>
      <span className="who" title={name}><Avatar name={name} seed={author.id} photo={author.photo_url} size={28} /></span>
      <div className="said">
        {messages.map((message, n) => (
          <Bubble key={message.client_id ?? message.id} message={message} conversationId={conversation.id} reach={reached.get(message.id)} showsTime={n === messages.length - 1} />
        ))}
      </div>
    </article>
  );
});

function Bubble({ message, conversationId, reach, showsTime }: { message: Message; conversationId: number; reach: Reach | undefined; showsTime: boolean }) {
  const words = message.reply_text || message.text;
  const language = message.language || languageOf(words);
  const files = message.attachments.filter((file) => !file.inline);
  return (
    <>
      {words.trim() && (
        <div className={message.html ? "bubble rich" : "bubble"} title={exact(message.created_at)}>
          {message.html && message.id > 0 ? <MailFrame conversationId={conversationId} message={message} language={language} showsQuote /> : <WrittenText text={words} language={language} />}
        </div>
      )}
      <Attachments attachments={files} />
      {message.kind === "reply" && <DeliveryTrouble message={message} conversationId={conversationId} />}
      {(showsTime || reach) && (
        <div className="bubble-meta">
          <time dateTime={message.created_at} title={exact(message.created_at)}>{clock(message.created_at)}</time>
          {message.id < 0 ? <DeliveryWord message={message} /> : reach && <ReachWord reach={reach} />}
        </div>
      )}
    </>
  );
}

const icons: Record<Reach, IconName> = { sending: "clock", sent: "check", delivered: "checkTwice", mailed: "mail", seen: "eye" };

function ReachWord({ reach }: { reach: Reach }) {
  return <span className={`delivery ${reach}`}><Icon name={icons[reach]} size={12} />{t(`reach.${reach}`)}</span>;
}
