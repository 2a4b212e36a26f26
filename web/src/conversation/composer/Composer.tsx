import "./composer.css";
import { useQuery } from "@tanstack/react-query";
import { Avatar, Segments } from "@rapport/ui";
import { useEffect, useRef, useState } from "react";
import { useAgents, useCan } from "../../account/people";
import { useCommands } from "../../app/commands";
import { holdKeys } from "../../app/keys";
import { useMemory } from "../../app/memory";
import type { ConversationDetail, DraftKind, Message } from "../../client/nouns";
import { t } from "../../i18n";
import { givenName } from "../../i18n/names";
import { useInboxes } from "../../settings/queries";
import { broughtBack, localDrafts } from "../localDrafts";
import { usePresence, type Wrote } from "../presence";
import { draftQuery } from "../queries";
import { Drafting } from "./Drafting";
import type { EditorHandle } from "./Editor";
import { whenInserting } from "./insert";
import { Writing } from "./Writing";

type ComposerProps = { conversation: ConversationDetail; messages: Message[]; seen: number; onWrote: (wrote: Wrote) => void };

/** Reply or note: two drafts that never meet. */
export function Composer({ conversation, messages, seen, onWrote }: ComposerProps) {
  const mayReply = useCan("message.reply");
  const isChat = conversation.channel === "chat";
  const [kind, setKind] = useState<DraftKind>(() => (!mayReply || hasOnlyNote(conversation.id) ? "note" : "reply"));
  const [asked, setAsked] = useState({ all: true, n: 0 });
  const version = useMemory(broughtBack);
  useDraftsAhead(conversation);
  const editor = useRef<EditorHandle>(null);
  const wantsFocus = useRef(false);
  const words = useRef("");
  function write(next: DraftKind, to?: "one" | "all", put = "") {
    holdKeys();
    setKind(next);
    if (to) setAsked({ all: to === "all", n: asked.n + 1 });
    wantsFocus.current = true;
    words.current = put;
    window.setTimeout(() => {
      editor.current?.focus();
      if (words.current) editor.current?.put(words.current);
    });
  }
  useEffect(() => {
    if (version > 0) setKind("reply");
  }, [version]);
  useEffect(() => whenInserting(conversation.id, (words) => {
    write("reply");
    const insert = (tries: number) => {
      if (editor.current) editor.current.insert(words);
      else if (tries > 0) window.setTimeout(() => insert(tries - 1), 50); // it is being read
    };
    window.setTimeout(() => insert(100), 50);
  }), [conversation.id]);
  useCommands([
    ...(mayReply
      ? [
          { id: "reply", label: t("composer.reply"), keys: "R", group: "conversation" as const, icon: "mail" as const, run: () => write("reply", "one") },
          ...(isChat ? [] : [{ id: "replyAll", label: t("composer.replyAll"), keys: "⇧R", group: "conversation" as const, icon: "people" as const, run: () => write("reply", "all") }]),
        ]
      : []),
    { id: "note", label: t("composer.note"), keys: "N", group: "conversation", icon: "lock", run: () => write("note") },
  ]);
  const kinds = [{ value: "reply" as const, label: t("composer.reply") }, { value: "note" as const, label: t("composer.note"), icon: "lock" as const }];
  return (
    <section className={`composer ${kind}`} aria-label={kind === "reply" ? t("composer.reply") : t("composer.note")}>
      <header className="composer-head">
        <Segments label={t("composer.mode")} value={kind} options={mayReply ? kinds : kinds.slice(1)} onChange={(next) => write(next)} />
        {kind === "reply" ? <Sender inboxId={conversation.inbox_id} /> : <span className="quiet roomy">{t("message.onlyTeam")}</span>}
        <Collision id={conversation.id} />
      </header>
      <Writing
        key={`${kind}-${version}`} conversation={conversation} messages={messages} kind={kind} asked={asked} seen={seen} editor={editor} autoFocus={wantsFocus.current || version > 0}
        onWrote={onWrote} onNote={(name) => write("note", undefined, `@${name} `)}
      />
    </section>
  );
}

/** Reads both drafts with the conversation, so that changing between reply and note waits for nothing. */
function useDraftsAhead({ id, draft }: ConversationDetail) {
  useQuery({ ...draftQuery(id, "reply"), enabled: draft });
  useQuery({ ...draftQuery(id, "note"), enabled: draft });
}

function hasOnlyNote(id: number) {
  return localDrafts.read(id, "note") !== null && localDrafts.read(id, "reply") === null;
}

function Sender({ inboxId }: { inboxId: number }) {
  const inboxes = useInboxes();
  const own = inboxes.find((each) => each.id === inboxId);
  const inbox = own?.channel === "form" ? (inboxes.find((each) => each.id === own.form?.mail_inbox_id) ?? inboxes.find((each) => each.channel === "email")) : own;
  if (inbox?.channel === "chat") return <span className="quiet roomy" dir="auto">{inbox.name}</span>;
  const address = inbox?.email?.address ?? inbox?.address;
  return address ? <span className="quiet roomy" title={t("composer.from", { address })}>{address}</span> : null;
}

function Collision({ id }: { id: number }) {
  const other = usePresence(id).find((each) => each.state === "replying");
  const agent = useAgents().find((each) => each.id === other?.id);
  if (!agent) return <Drafting id={id} />;
  return (
    <span className="collision" role="status">
      <Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={20} presence="replying" />
      {t("presence.replyingToo", { name: givenName(agent.name) })}
    </span>
  );
}
