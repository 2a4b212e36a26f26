import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { accountKeys } from "../account/queries";
import { onShelf } from "../client/store";

/** One answer of the server as this browser keeps it; stale when a frame has told that there is a newer one. */
export type Kept = { key: QueryKey; data: unknown; at: number; stale: boolean };
/** By which version of the application the answers were kept, and where in the log they stand. */
export type About = { version: string; cursor: string };

/** Another version may read data differently, so it begins with nothing kept. */
export const version = () => `${document.querySelector<HTMLMetaElement>('meta[name="rapport-version"]')?.content} ${import.meta.url}`;
export const ABOUT = "about";
const FIRST_MS = 400;

/** Names of answers on the shelf begin with 1 for what the first picture needs, with 2 for conversations. */
export const nameOf = (group: 1 | 2, key: QueryKey) => `${group}${JSON.stringify(key)}`;

/** Where in the log the kept answers stand, from where frames are asked for; and the newest frame that was heard. */
export const place = { kept: "", heard: "" };

/** Puts back what was kept, before the first picture. Conversations follow when the browser has nothing else to do. */
export async function bringBack(client: QueryClient) {
  await Promise.race([read(client), new Promise((resolve) => window.setTimeout(resolve, FIRST_MS))]);
  window.setTimeout(() => void import("./keeping").then(({ keep }) => keep(client)).catch(() => {}), FIRST_MS);
}

async function read(client: QueryClient) {
  const about = await onShelf<About>("kept", "readonly", (shelf) => shelf.get(ABOUT));
  if (!about) return;
  if (about.version !== version()) return forgetKept();
  const open = Number(/^\/c\/(\d+)/.exec(window.location.pathname)?.[1]);
  const wanted = open ? ["detail", "messages", "history"].map((what) => nameOf(2, ["conversation", what, open])) : [];
  const found = await Promise.all([
    onShelf<Kept[]>("kept", "readonly", (shelf) => shelf.getAll(IDBKeyRange.bound("1", "2"))),
    ...wanted.map((name) => onShelf<Kept>("kept", "readonly", (shelf) => shelf.get(name))),
  ]);
  if (client.getQueryData(accountKeys.me)) return; // too late: the server has answered
  place.kept = place.heard = about.cursor;
  const edits = window.location.pathname.startsWith("/settings"); // a form must not begin with what somebody has changed since
  for (const each of found.flat()) if (!edits || each?.key[0] !== "settings") put(client, each);
  await client.invalidateQueries({ queryKey: accountKeys.me, refetchType: "none" }); // the server says whether this still is so
}

export function put(client: QueryClient, kept: Kept | undefined) {
  if (kept) client.setQueryData(kept.key, kept.data, { updatedAt: kept.stale ? 1 : kept.at });
}

/** Nothing of what the server said stays in this browser. */
export async function forgetKept() {
  place.kept = place.heard = "";
  await onShelf("kept", "readwrite", (shelf) => shelf.clear());
}
