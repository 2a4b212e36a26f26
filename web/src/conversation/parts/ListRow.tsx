import { Avatar, Chip, Icon, Tag } from "@rapport/ui";
import { memo, type MouseEvent } from "react";
import { useAgents } from "../../account/people";
import { Ago } from "../../app/Ago";
import { channelIcon } from "../../app/channelIcon";
import type { Conversation } from "../../client/nouns";
import { t } from "../../i18n";
import { isFarAway, until } from "../../i18n/dates";
import { languageOf } from "../../i18n/language";
import { usePresence } from "../presence";
import type { Column } from "../savedViews";
import { RowColumns } from "./RowColumns";

type RowProps = {
  conversation: Conversation; index: number; total: number; top: number; isOpen: boolean; isCursor: boolean; view: string; columns: Column[]; /** With the beginning of what was said last. */ wide: boolean; myId: number; onOpen: (index: number, id: number) => void;
  isChosen: boolean; onPick: ((index: number, range: boolean) => void) | null;
};

/** Who, when, about what. The name is never cut before the subject, and what the view already says is not said again. */
export const ListRow = memo(function ListRow({ conversation, index, total, top, isOpen, isCursor, view, columns, wide, myId, onOpen, isChosen, onPick }: RowProps) {
  const { id, contact, unread, channel } = conversation;
  const name = contact.name || contact.address || t("contact.visitor");
  const about = aboutOf(conversation);
  function pressed(event: MouseEvent) {
    const onBox = event.target instanceof Element && event.target.closest(".pick") !== null;
    if (onPick && (onBox || event.shiftKey)) {
      event.preventDefault();
      return onPick(index, event.shiftKey);
    }
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onOpen(index, id);
  }
  return (
    <a
      className="row" href={`/c/${id}`} role="option" aria-selected={isOpen} aria-checked={onPick ? isChosen : undefined} aria-posinset={index + 1} aria-setsize={total} tabIndex={isCursor ? 0 : -1}
      data-index={index} data-unread={unread} data-cursor={isCursor} style={{ transform: `translateY(${top}px)` }} onClick={pressed}
    >
      {unread && <><i className="unread" /><span className="only-read">{t("list.unread")}</span></>}
      <Avatar name={name} seed={contact.id} channel={channelIcon(channel)} />
      {onPick && <i className="pick" aria-hidden="true" />}
      <span className="cell">
        <span className="line-1">
          <span className="name" dir="auto" lang={languageOf(name)}>{name}</span>
          <Looking id={id} />
          <When conversation={conversation} view={view} at={columns.includes("created") ? conversation.created_at : conversation.last_activity_at} />
        </span>
        <span className="line-2">
          {conversation.draft && <span className="draft">{t("list.draft")}</span>}
          <span className="subject" dir="auto" lang={languageOf(about)} title={about}>{about}</span>
          {columns.includes("tags") && <Tags tags={conversation.tags} />}
          <RowColumns conversation={conversation} columns={columns} />
          {columns.includes("assignee") && <Assignee conversation={conversation} view={view} myId={myId} />}
        </span>
        {wide && <span className="line-3" dir="auto" lang={languageOf(conversation.excerpt)}>{conversation.excerpt}</span>}
      </span>
    </a>
  );
});

/** A mail is known by its subject, a chat by what was said last. */
function aboutOf({ channel, subject, excerpt }: Conversation): string {
  return (channel === "chat" ? excerpt || subject : subject || excerpt) || t("conversation.noSubject");
}

const lookingWords = { viewing: "presence.viewing", replying: "presence.replying", noting: "presence.noting", idle: "presence.viewing" } as const;

function Looking({ id }: { id: number }) {
  const others = usePresence(id);
  const agents = useAgents();
  const first = others.find((other) => other.state === "replying") ?? others[0];
  const agent = first && agents.find((each) => each.id === first.id);
  if (!first || !agent) return null;
  const words = t(lookingWords[first.state], { name: agent.name });
  return (
    <span className={`looking ${first.state}`} title={words}>
      <Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={16} />
      <Icon name={first.state === "viewing" ? "eye" : "pen"} size={12} />
      <span className="only-read">{words}</span>
    </span>
  );
}

/** One time per row: a state that takes it out of this view stands in its place. */
function When({ conversation, view, at }: { conversation: Conversation; view: string; at: string }) {
  if (conversation.status === "closed" && view !== "closed") return <span className="when"><Chip tone="plain" icon="check">{t("status.closed")}</Chip></span>;
  if (conversation.snoozed_until) return <span className="when"><Chip tone="plain" icon="snooze">{isFarAway(conversation.snoozed_until) ? t("snooze.untilReply") : until(conversation.snoozed_until)}</Chip></span>;
  if (conversation.priority === "urgent") return <span className="when"><Chip tone="danger" icon="flag">{t("priority.urgent")}</Chip><Ago at={at} /></span>;
  return <span className="when"><Ago at={at} /></span>;
}

function Tags({ tags }: { tags: string[] }) {
  const [first, ...rest] = tags;
  if (!first) return null;
  return (
    <>
      <Tag name={first} />
      {rest.length > 0 && <span className="tag" title={rest.join(", ")}>+{rest.length}</span>}
    </>
  );
}

function Assignee({ conversation, view, myId }: { conversation: Conversation; view: string; myId: number }) {
  const agents = useAgents();
  const agent = agents.find((each) => each.id === conversation.assignee_id);
  if (!agent || agent.id === myId || view === "mine" || view === "unassigned") return null;
  return <span title={agent.name}><Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={16} /></span>;
}
