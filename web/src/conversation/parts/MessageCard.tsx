import { Avatar, Icon, IconButton, Menu, MenuItem } from "@rapport/ui";
import { lazy, memo, Suspense, useState } from "react";
import { useCan } from "../../account/people";
import type { Address, ConversationDetail, Message } from "../../client/nouns";
import { t } from "../../i18n";
import { clock, exact } from "../../i18n/dates";
import { languageOf } from "../../i18n/language";
import { byMail } from "../chat";
import { Attachments } from "./Attachments";
import { AutomaticLine } from "./AutomaticLine";
import { DeliveryTrouble, DeliveryWord } from "./Delivery";
import { MailFrame } from "./MailFrame";
import { NoteCard } from "./NoteCard";
import { QuotedText } from "./QuotedText";
import { ScheduledBar } from "./ScheduledBar";
import { TrustMark, TrustWarning } from "./TrustMark";
import { WrittenText } from "./WrittenText";

const SourceDialog = lazy(() => import("./SourceDialog"));
const ForwardDialog = lazy(() => import("./ForwardDialog"));
const OriginalBanner = lazy(() => import("./OriginalBanner"));
const MaskedBody = lazy(() => import("./MaskedBody"));

/** One message: the customer's on a white card, ours tinted, a note in yellow. */
export const MessageCard = memo(function MessageCard({ message, conversation }: { message: Message; conversation: ConversationDetail }) {
  if (message.kind === "note") return <NoteCard message={message} conversationId={conversation.id} />;
  if (message.kind === "reply" && message.class === "auto_reply") return <AutomaticLine message={message} conversationId={conversation.id} />;
  return <MailCard message={message} conversation={conversation} />;
});

function MailCard({ message, conversation }: { message: Message; conversation: ConversationDetail }) {
  const forwarded = message.flags.includes("passed_in");
  const [quote, setQuote] = useState(forwarded); // what a teammate passes on is the message
  const ours = message.kind === "reply";
  return (
    <article className={ours ? "mail ours" : "mail"} aria-label={t("message.by", { name: message.author.name || message.author.address })}>
      <MailHead message={message} conversation={conversation} />
      <TrustWarning message={message} conversation={conversation} />
      {forwarded && <Suspense><OriginalBanner conversationId={conversation.id} /></Suspense>}
      <MailBody message={message} conversationId={conversation.id} quote={quote} onQuote={() => setQuote(!quote)} />
      <Attachments attachments={message.attachments.filter((file) => !file.inline)} />
      {ours && <ScheduledBar message={message} conversationId={conversation.id} />}
      {ours && <DeliveryTrouble message={message} conversationId={conversation.id} />}
    </article>
  );
}

function addresses(list: Address[]) {
  return list.map((each) => each.name || each.address).join(", ");
}

function MailHead({ message, conversation }: { message: Message; conversation: ConversationDetail }) {
  const [source, setSource] = useState(false);
  const [forward, setForward] = useState(false);
  const mayForward = useCan("message.reply") && message.id > 0 && !message.masked;
  const mayReveal = useCan("message.reveal");
  const { author } = message;
  const everybody = [...message.to, ...message.cc];
  return (
    <header className="mail-head">
      <Avatar name={author.name || author.address} seed={author.id} photo={author.photo_url} size={28} />
      <div className="grow">
        <div className="from">
          <b className="cut" dir="auto" lang={languageOf(author.name)}>{author.name || author.address}</b>
          <TrustMark message={message} conversation={conversation} />
          {byMail(message, conversation) && <span className="chip plain"><Icon name="mail" size={12} />{t("message.byMail")}</span>}
          {message.class !== "human" && <span className="chip plain">{t(`message.class.${message.class}`)}</span>}
        </div>
        {everybody.length > 0 && <div className="to cut" dir="auto" title={everybody.map((each) => each.address).join(", ")}>{t("message.to", { names: addresses(everybody) })}</div>}
      </div>
      <span className="end">
        <Menu trigger={<IconButton small className="on-hover" icon="down" label={t("message.more")} />}>
          {mayForward && <MenuItem icon="forward" onSelect={() => setForward(true)}>{t("forward.title")}</MenuItem>}
          {(!message.masked || mayReveal) && <MenuItem icon="form" onSelect={() => setSource(true)}>{t("message.source")}</MenuItem>}
          {!message.masked && <MenuItem icon="copy" onSelect={() => void navigator.clipboard.writeText(message.reply_text || message.text)}>{t("message.copy")}</MenuItem>}
        </Menu>
        {message.kind === "reply" && <DeliveryWord message={message} />}
        <time dateTime={message.created_at} title={exact(message.created_at)}>{clock(message.created_at)}</time>
      </span>
      {forward && <Suspense><ForwardDialog conversationId={conversation.id} message={message} onClose={() => setForward(false)} /></Suspense>}
      {source && <Suspense><SourceDialog conversationId={conversation.id} messageId={message.id} onClose={() => setSource(false)} /></Suspense>}
    </header>
  );
}

type BodyProps = { message: Message; conversationId: number; quote: boolean; onQuote: () => void };

function MailBody({ message, conversationId, quote, onQuote }: BodyProps) {
  const isPage = Boolean(message.html) && message.id > 0;
  const [found, setFound] = useState(false);
  const language = message.language || languageOf(message.reply_text || message.text);
  if (message.masked) return <div className="body"><Suspense><MaskedBody message={message} masked={message.masked} conversationId={conversationId} /></Suspense></div>;
  return (
    <div className="body">
      {isPage ? (
        <MailFrame conversationId={conversationId} message={message} language={language} showsQuote={quote} onQuote={setFound} />
      ) : quote ? (
        <QuotedText text={message.text} language={language} />
      ) : (
        <WrittenText text={message.reply_text || message.text} language={language} />
      )}
      {(isPage ? found : message.has_quote) && <IconButton small className="fold" icon="more" label={quote ? t("message.hideQuote") : t("message.showQuote")} aria-expanded={quote} onClick={onQuote} />}
    </div>
  );
}
