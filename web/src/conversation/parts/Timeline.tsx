import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Skeleton } from "@rapport/ui";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { ConversationDetail, Message } from "../../client/nouns";
import { t } from "../../i18n";
import { dayLine } from "../../i18n/dates";
import { historyQuery } from "../queries";
import { isBubble, reachOf } from "../chat";
import { timelineOf } from "../timeline";
import { Bubbles } from "./Bubbles";
import { EventLine } from "./EventLine";
import { MessageCard } from "./MessageCard";
import { SubjectNames } from "./SubjectNames";

type TimelineProps = { conversation: ConversationDetail; messages: Message[]; pending: boolean; older: (() => void) | null };

/** What was said and what happened, in order, the newest in sight. */
export function Timeline({ conversation, messages, pending, older }: TimelineProps) {
  const { data: history = [] } = useQuery(historyQuery(conversation.id));
  const box = useStaysAtEnd();
  const entries = timelineOf(messages, history, (message) => isBubble(message, conversation));
  const reached = reachOf(messages.filter((message) => message.kind === "reply" && isBubble(message, conversation)), conversation.chat);
  return (
    <div className="timeline" role="log" aria-label={t("conversation.messages")} tabIndex={0} ref={box}>
      {older && <button type="button" className="link older" onClick={older}>{t("conversation.older")}</button>}
      {conversation.linked_conversation_id && <Link className="link older" to="/c/$id" params={{ id: String(conversation.linked_conversation_id) }}>{t("conversation.linked")}</Link>}
      <SubjectNames conversation={conversation} />
      {pending && <div className="waiting mail skeleton-mail"><Skeleton width="30%" /><Skeleton width="90%" /><Skeleton width="70%" /></div>}
      {entries.map((entry) => {
        if (entry.type === "day") return <div className="day" key={entry.key}>{dayLine(entry.at)}</div>;
        if (entry.type === "events") return <EventLine key={entry.key} events={entry.events} />;
        if (entry.type === "bubbles") return <Bubbles key={entry.key} messages={entry.messages} conversation={conversation} reached={reached} />;
        return <MessageCard key={entry.key} message={entry.message} conversation={conversation} />;
      })}
    </div>
  );
}

const NEAR_PX = 80;

/** Keeps the end in sight while the reader is there, also when a frame or an image grows; leaves the reader alone elsewhere. */
function useStaysAtEnd() {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const scrolled = () => (follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX);
    const stay = () => follows.current && (element.scrollTop = element.scrollHeight);
    const sizes = new ResizeObserver(stay);
    const watchAll = () => [element, ...element.children].forEach((child) => sizes.observe(child));
    watchAll();
    const children = new MutationObserver(watchAll);
    children.observe(element, { childList: true });
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      sizes.disconnect();
      children.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, []);
  return box;
}
