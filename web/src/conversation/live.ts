import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { Problem } from "../client/problem";
import type { Conversation, ConversationDetail, EventFrame, Frame, VisitorFrame } from "../client/nouns";
import { memory } from "../app/memory";
import { onShelf } from "../client/store";
import { dropConversation, findConversation, patchConversation, patchVisitor } from "./cache";
import { heardPresence } from "./presence";
import { conversationKeys, type ListData, type ListFilter } from "./queries";
import { isInSaved, isSaved } from "./savedViews";
import { belongs } from "./viewNames";
import { readConversation, rememberVisitor } from "./visitor";

/** Conversations that have come into a list since it was read: they wait behind "3 new". By the list's key as JSON. */
export const waiting = memory<Record<string, number[]>>({});

const GATHER_MS = 120;
const VIEWS_MS = 1000;
const touched = new Set<number>();
let gatherTimer = 0;
let viewsTimer = 0;

/** Which frame changes which keys of this room. */
export function conversationLive(frame: Frame, client: QueryClient, myId: number) {
  switch (frame.type) {
    case "event":
      return heardEvent(frame, client, myId);
    case "gone":
      refreshViews(client);
      return dropConversation(client, frame.id);
    case "reset":
      waiting.set({});
      startOver(client);
      return void client.invalidateQueries({ queryKey: conversationKeys.all });
    case "presence":
      return heardPresence(frame.conversation_id, frame.agents.filter((agent) => agent.id !== myId));
    case "visitor":
      return heardVisitor(frame, client);
  }
}

/** What is not on screen may have left my sight: it is not kept. */
function startOver(client: QueryClient) {
  void onShelf("kept", "readwrite", (shelf) => shelf.clear());
  for (const what of ["detail", "messages", "history"]) client.removeQueries({ queryKey: ["conversation", what], type: "inactive" });
}

const TYPING_MS = 8000;
const typingTimers = new Map<number, number>();

/** Shows where the visitor of a chat is now. That they type is believed for a while only: the word that they stopped may be lost. */
function heardVisitor({ type: _, conversation_id: id, ...now }: VisitorFrame, client: QueryClient) {
  rememberVisitor(id, now);
  patchVisitor(client, id, now);
  believe(id, now.typing, client);
}

function believe(id: number, typing: boolean, client: QueryClient) {
  window.clearTimeout(typingTimers.get(id));
  typingTimers.delete(id);
  if (typing) typingTimers.set(id, window.setTimeout(() => patchVisitor(client, id, { typing: false }), TYPING_MS));
}

function heardEvent(frame: EventFrame, client: QueryClient, myId: number) {
  const id = frame.conversation_id;
  if (frame.kind === "view.changed") void client.invalidateQueries({ queryKey: conversationKeys.lists, predicate: ({ queryKey }) => isSaved((queryKey[2] as ListFilter).view) });
  if (frame.kind === "view.changed" || frame.kind === "inbox.changed" || frame.kind === "team.changed") return refreshViews(client);
  if (id === null) return;
  if (frame.kind === "draft.changed") {
    return void client.invalidateQueries({ queryKey: ["conversation", "draft", id], refetchType: "none" });
  }
  refreshViews(client);
  if (frame.kind === "conversation.deleted") return dropConversation(client, id);
  if (frame.kind.startsWith("message.")) void client.invalidateQueries({ queryKey: conversationKeys.messages(id) });
  if (frame.kind === "conversation.contact" || frame.kind === "conversation.declined") void client.invalidateQueries({ queryKey: conversationKeys.original(id) });
  if (frame.kind.endsWith("silenced")) void client.invalidateQueries({ queryKey: conversationKeys.silences }); // in all conversations of the customer
  if (frame.kind === "conversation.tagged") void client.invalidateQueries({ queryKey: conversationKeys.tags });
  void client.invalidateQueries({ queryKey: conversationKeys.history(id) });
  touched.add(id);
  gatherTimer ||= window.setTimeout(() => {
    gatherTimer = 0;
    const ids = [...touched];
    touched.clear();
    void readAll(ids, client, myId);
  }, GATHER_MS);
}

const AT_ONCE = 6;
const MOST_NEW = 50;

/** Reads what has changed, some at a time. After a long absence what was never on screen is left out: the list is read again soon enough. */
async function readAll(ids: number[], client: QueryClient, myId: number) {
  const rest = ids.length > MOST_NEW ? ids.filter((id) => findConversation(client, id)) : [...ids];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let id = rest.shift(); id !== undefined; id = rest.shift()) await readAgain(id, client, myId);
  }));
}

/** Reads the counts again, soon: not for each event, and not on all screens at the same moment. */
export function refreshViews(client: QueryClient) {
  viewsTimer ||= window.setTimeout(() => {
    viewsTimer = 0;
    void client.invalidateQueries({ queryKey: conversationKeys.views });
  }, VIEWS_MS * (0.5 + Math.random()));
}

/** Reads one conversation and shows it where it already is; lists it newly belongs to only count it. */
async function readAgain(id: number, client: QueryClient, myId: number) {
  let conversation: ConversationDetail;
  try {
    conversation = await readConversation(id);
  } catch (error) {
    if (error instanceof Problem && error.status === 404 && findConversation(client, id)) dropConversation(client, id);
    return;
  }
  if (client.getQueryData(conversationKeys.detail(id))) client.setQueryData(conversationKeys.detail(id), conversation);
  patchConversation(client, id, conversation);
  if (conversation.chat) believe(id, conversation.chat.typing, client);
  for (const [key, data] of client.getQueriesData<ListData>({ queryKey: conversationKeys.lists })) {
    const filter = key[2] as ListFilter;
    if (!data || filter.q || data.pages.some((page) => page.items.some((item) => item.id === id))) continue;
    if (isSaved(filter.view)) void askSaved(key, filter, conversation, client);
    else if (belongs(conversation, filter.view, myId)) wait(filter, id);
  }
}

/** Of a saved view the server is asked, when its list is on screen; another is read again when it is opened. */
async function askSaved(key: QueryKey, filter: ListFilter, { id, number }: Conversation, client: QueryClient) {
  if (!client.getQueryCache().find({ queryKey: key })?.isActive()) return void client.invalidateQueries({ queryKey: key, refetchType: "none" });
  if (await isInSaved(filter.view, number).catch(() => false)) wait(filter, id);
}

function wait(filter: ListFilter, id: number) {
  const key = JSON.stringify(filter);
  waiting.set((now) => ({ ...now, [key]: [...new Set([...(now[key] ?? []), id])] }));
}

/** The list is about to be read again, so nothing waits for it any more. */
export function stopWaiting(filter: ListFilter) {
  const key = JSON.stringify(filter);
  if (waiting.get()[key]) waiting.set(({ [key]: _, ...rest }) => rest);
}
