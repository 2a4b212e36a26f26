import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import { accountKeys } from "../account/queries";
import { onShelf } from "../client/store";
import type { ListData, MessagesData } from "../conversation/queries";
import { ABOUT, nameOf, place, put, version, type About, type Kept } from "./kept";

const WRITE_MS = 1000;
const KEEP_MS = 14 * 24 * 3600_000;
const MOST = 900; // three answers a conversation
const LIST_PAGES = 3;

const first = ["account/me", "account/agents", "account/teams", "conversation/list", "conversation/views", "conversation/tags", "settings/inboxes"];
const conversations = ["conversation/detail", "conversation/messages", "conversation/history", "contact/detail"];

function shelfName(key: QueryKey): string | null {
  const kind = `${String(key[0])}/${String(key[1])}`;
  if (first.includes(kind)) return nameOf(1, key);
  return conversations.includes(kind) ? nameOf(2, key) : null;
}

const dirty = new Map<string, Query>();
let timer = 0;

/** Puts back conversations of the last days, and from now on keeps what the server says. */
export async function keep(client: QueryClient) {
  for (const kind of conversations) client.setQueryDefaults(kind.split("/"), { gcTime: Infinity });
  await readConversations(client);
  for (const query of client.getQueryCache().getAll()) note(client, query);
  client.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && (event.action.type === "success" || event.action.type === "invalidate")) note(client, event.query);
  });
}

function note(client: QueryClient, query: Query) {
  const name = shelfName(query.queryKey);
  if (!name || query.state.data === undefined) return;
  dirty.set(name, query);
  timer ||= window.setTimeout(() => idle(() => void write(client)), WRITE_MS);
}

async function readConversations(client: QueryClient) {
  const all = (await onShelf<Kept[]>("kept", "readonly", (shelf) => shelf.getAll(IDBKeyRange.bound("2", "3")))) ?? [];
  const young = new Set(all.filter((each) => each.at > Date.now() - KEEP_MS).sort((a, b) => b.at - a.at).slice(0, MOST));
  for (const each of young) if (client.getQueryData(each.key) === undefined) put(client, each);
  const old = all.filter((each) => !young.has(each));
  if (old.length > 0) await onShelf("kept", "readwrite", (shelf) => old.forEach((each) => shelf.delete(nameOf(2, each.key))));
}

/**
 * Writes down what has come. The place in the log moves only while nothing is being asked, and by one round behind: what a
 * frame has made old has been read again before the place after that frame is kept.
 */
async function write(client: QueryClient) {
  timer = 0;
  const entries = [...dirty].map(([name, { queryKey, state }]) => ({ name, kept: { key: queryKey, data: trimmed(queryKey, state.data), at: state.dataUpdatedAt, stale: state.isInvalidated } satisfies Kept }));
  dirty.clear();
  if (!client.getQueryData(accountKeys.me)) return; // signed out meanwhile
  const about: About = { version: version(), cursor: place.kept };
  if (client.isFetching() === 0) place.kept = place.heard;
  await onShelf("kept", "readwrite", (shelf) => {
    for (const { name, kept } of entries) shelf.put(kept, name);
    if (about.cursor) shelf.put(about, ABOUT);
  });
  if (about.cursor !== place.kept) timer ||= window.setTimeout(() => idle(() => void write(client)), WRITE_MS);
}

/** A list keeps its beginning. A message that the server has not been told yet stands in the queue. */
export function trimmed([, what]: QueryKey, data: unknown): unknown {
  if (what === "list") {
    const { pages, pageParams } = data as ListData;
    return { pages: pages.slice(0, LIST_PAGES), pageParams: pageParams.slice(0, LIST_PAGES) };
  }
  if (what !== "messages") return data;
  const said = data as MessagesData;
  return { ...said, pages: said.pages.map((page) => ({ ...page, items: page.items.filter((message) => message.id > 0) })) };
}

function idle(work: () => void) {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work);
}
