import { useQuery } from "@tanstack/react-query";
import { Empty } from "@rapport/ui";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { messageOf, Problem, Unreachable } from "../client/problem";
import type { ConversationDetail } from "../client/nouns";
import { enqueue } from "../client/queue";
import { ContactPanel } from "../contact/ContactPanel";
import { t, withWords } from "../i18n";
import { useCommands } from "../app/commands";
import { Failed } from "../app/Failed";
import { Composer } from "./composer/Composer";
import { ConversationHead } from "./parts/ConversationHead";
import { SilenceBanner } from "./parts/SilenceBanner";
import { Timeline } from "./parts/Timeline";
import { VisitorTyping } from "./parts/VisitorTyping";
import { useAnnouncePresence } from "./presence";
import type { About } from "./pending";
import { detailQuery, useMessages } from "./queries";
import { useConversationCommands } from "./useConversationCommands";
import { usePatch } from "./usePatch";

const readMacroPicker = () => withWords("desk", import("../automation/MacroPicker"));
const MacroPicker = lazy(readMacroPicker);
const QUIET_MS = 2000;

/** One conversation with its customer beside it. */
export default function ConversationPane({ id, onBack }: { id: number; onBack: () => void }) {
  const { data: conversation, error, refetch } = useQuery(detailQuery(id));
  const said = useMessages(id);
  if (error instanceof Problem && error.status === 404) {
    return <section className="pane-conversation"><Empty icon="search" title={t("conversation.gone")} why={t("conversation.gone.why")} action={<button type="button" className="button" onClick={onBack}>{t("command.back")}</button>} /></section>;
  }
  if (error && !conversation) {
    return <section className="pane-conversation"><Empty icon="alertCircle" title={t("conversation.failed")} why={messageOf(error)} action={<button type="button" className="button" onClick={() => refetch()}>{t("action.retry")}</button>} /></section>;
  }
  if (!conversation) return <section className="pane-conversation" aria-busy="true" />;
  return <Loaded conversation={conversation} said={said} onBack={onBack} />;
}

const SpamBanner = lazy(() => withWords("desk", import("../many/SpamBanner")));

type LoadedProps = { conversation: ConversationDetail; said: ReturnType<typeof useMessages>; onBack: () => void };

function Loaded({ conversation, said, onBack }: LoadedProps) {
  const { id } = conversation;
  const [showsContact, setShowsContact] = useState(() => window.matchMedia("(min-width: 1200px)").matches);
  const { messages, isPending, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = said;
  const last = messages.findLast((message) => message.id > 0)?.position ?? 0; // what the server knows of, too
  const isChat = conversation.channel === "chat";
  const settled = useSettled(last, SEEN_AFTER_MS, said.isFetchedAfterMount || !said.isFetching);
  const seen = isChat ? last : settled; // in a chat both talk at once: what stands on screen has been seen
  const wrote = useAnnouncePresence(id);
  const picker = useConversationCommands(conversation);
  const [picksMacro, setPicksMacro] = useState(false);
  useReadMark(conversation, last);
  useEffect(() => {
    const timer = window.setTimeout(() => void readMacroPicker().catch(() => {}), QUIET_MS); // it must be there when its key is pressed
    return () => window.clearTimeout(timer);
  }, []);
  useCommands([
    { id: "macro", label: t("command.macro"), keys: "M", group: "conversation", icon: "repeat", run: () => setPicksMacro(true) },
    { id: "contact", label: t("command.contact"), keys: "]", group: "general", icon: "sidebar", run: () => setShowsContact((now) => !now) },
    { id: "list.hide", label: t("command.list"), keys: "[", group: "general", icon: "list", run: () => document.getElementById("sheet")?.toggleAttribute("data-no-list") },
  ]);
  return (
    <>
      <section className="pane-conversation" aria-label={t("conversation.one")}>
        <ConversationHead conversation={conversation} picker={picker} showsContact={showsContact} onBack={onBack} onContact={() => setShowsContact((now) => !now)} />
        {error && !(error instanceof Unreachable && messages.length > 0) && <Failed error={error} onRetry={refetch} />}
        {!isChat && <SilenceBanner id={id} />}
        <Suspense><SpamBanner conversation={conversation} /></Suspense>
        <Timeline conversation={conversation} messages={messages} pending={isPending} older={hasNextPage ? () => !isFetchingNextPage && void fetchNextPage() : null} />
        {isChat && <VisitorTyping conversation={conversation} />}
        <Composer conversation={conversation} messages={messages} seen={seen} onWrote={wrote} />
      </section>
      {picksMacro && <Suspense><MacroPicker conversationId={id} onClose={() => setPicksMacro(false)} /></Suspense>}
      <ContactPanel key={conversation.contact_id} contactId={conversation.contact_id} conversation={conversation} open={showsContact} onClose={() => setShowsContact(false)} />
    </>
  );
}

const SEEN_AFTER_MS = 2000;

/**
 * A value once it has stood for a while: what flashed up a moment before Send was pressed has not been seen. While what this
 * browser has kept is being read again, it is what the conversation opens with.
 */
function useSettled(value: number, after: number, opened: boolean): number {
  const [settled, setSettled] = useState(value);
  const opens = useRef(true);
  useEffect(() => {
    if (opens.current) {
      opens.current = !opened || value === 0;
      return setSettled(value);
    }
    const timer = window.setTimeout(() => setSettled(value), after);
    return () => window.clearTimeout(timer);
  }, [value, settled, after, opened]);
  return settled;
}

/** What is on screen in a focused tab counts as read. */
function useReadMark(conversation: ConversationDetail, seen: number) {
  const { id, read_position, unread } = conversation;
  const patch = usePatch();
  useEffect(() => {
    if (seen === 0 || (seen <= read_position && !unread)) return;
    const mark = () => {
      if (document.hidden) return;
      patch(id, { unread: false, read_position: seen });
      void enqueue({ lane: id, method: "PUT", path: `/conversations/${id}/read`, body: { position: seen }, unwatched: true, about: { type: "read", position: seen } satisfies About });
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [id, seen, read_position, unread]);
}
