import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useCan } from "../account/people";
import { closeOverlay, overlay } from "../app/frame/overlay";
import { useMemory } from "../app/memory";
import { useCommands } from "../app/commands";
import { t, withWords } from "../i18n";
import { ConversationList } from "./ConversationList";
import { InboxStart } from "./parts/InboxStart";
import { Views } from "./parts/Views";
import type { ListFilter } from "./queries";

const NewConversationDialog = lazy(() => withWords("desk", import("./composer/NewConversationDialog")));

const readPane = () => withWords("desk", import("./ConversationPane"));
const ConversationPane = lazy(readPane);
if (window.location.pathname.startsWith("/c/")) void readPane();

/** The list is painted first; what shows a conversation is read right behind it, before anybody can have opened one. */
function usePaneAhead() {
  useEffect(() => {
    const timer = window.setTimeout(() => void readPane().catch(() => {}));
    return () => window.clearTimeout(timer);
  }, []);
}

/** Views, list, conversation, customer. Below 900 px the list or the conversation. */
export function InboxScreen() {
  const search = useSearch({ from: "/gate/inbox" });
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const openId = id ? Number(id) : null;
  const filter: ListFilter = { view: search.view ?? "mine", ...(search.sort && { sort: search.sort }), ...(search.q && { q: search.q }) };
  const [writing, setWriting] = useState(false);
  const viewsOpen = useMemory(overlay) === "views";
  usePaneAhead();
  const mayStart = useCan("conversation.start");
  useEffect(() => {
    if (search.do !== "new") return; // a shortcut of the installed application
    setWriting(mayStart);
    void navigate({ to: "/", search: ({ do: _, ...rest }) => rest, replace: true });
  }, [search.do]);
  const write = mayStart ? () => setWriting(true) : null;
  useCommands(!write ? [] : [{ id: "new", label: t("conversation.new"), keys: "C", group: "general", icon: "edit", also: "compose write", run: write }]);

  const open = (next: number | null) =>
    void (next === null ? navigate({ to: "/", search: (now) => now }) : navigate({ to: "/c/$id", params: { id: String(next) }, search: (now) => now }));
  return (
    <>
      <Views current={filter.view} folded={!viewsOpen} onWrite={write} />
      {viewsOpen && <button type="button" className="views-scrim" aria-label={t("action.close")} onClick={closeOverlay} />}
      <main className="sheet inbox" id="sheet" data-open={openId !== null}>
        <ConversationList filter={filter} openId={openId} onOpen={open} onWrite={write} />
        {openId === null ? <InboxStart view={filter.view} /> : (
          <Suspense fallback={<section className="pane-conversation" aria-busy="true" />}>
            <ConversationPane key={openId} id={openId} onBack={() => open(null)} />
          </Suspense>
        )}
      </main>
      {writing && (
        <Suspense>
          <NewConversationDialog onClose={() => setWriting(false)} onSent={(sent) => { setWriting(false); open(sent); }} />
        </Suspense>
      )}
    </>
  );
}
