// The service worker: keeps the application for when there is no network, and shows what is pushed. It is served as
// /sw.js. Whoever is signed in, and what they read, is none of its business: data never goes through it.
import { forgetOlder, fresh, keepShell, kept, type Surroundings } from "./keep";
import { pushed, shownAs, tabFor } from "./push";
import { cacheOf, roadOf, type Shell } from "./shell";

declare const self: ServiceWorkerGlobalScope;
declare const SHELL: Shell; // written in front of this file by scripts/worker.mjs

const around: Surroundings = {
  caches: self.caches,
  fetch: (input, init) => self.fetch(input, init),
  digest: async (text) => Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))), (byte) => byte.toString(16).padStart(2, "0")).join(""),
};

type Router = { addRoutes?: (rules: object[]) => Promise<void> };

self.addEventListener("install", (event) => {
  // Requests for data do not wait until a sleeping worker has woken up, where the browser can be told so.
  void (event as unknown as Router).addRoutes?.([{ condition: { urlPattern: new URLPattern({ pathname: "/api/*" }) }, source: "network" }])?.catch(() => {});
  event.waitUntil(keepShell(SHELL, around));
});

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  const before = (await self.caches.keys()).filter((name) => name !== cacheOf(SHELL)).at(-1) ?? null;
  await forgetOlder(SHELL, before, around);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const road = roadOf(event.request, self.location.origin, SHELL);
  if (road.by === "kept") event.respondWith(kept(event.request, SHELL, around));
  if (road.by === "fresh") event.respondWith(fresh(ask(event), road.key, SHELL, around));
});

async function ask(event: FetchEvent): Promise<Response> {
  return ((await event.preloadResponse) as Response | undefined) ?? self.fetch(event.request);
}

self.addEventListener("message", (event) => {
  const { data } = event as ExtendableMessageEvent;
  if (data === "take over") void self.skipWaiting();
  if (data === "version") event.ports[0]?.postMessage(SHELL.version);
});

self.addEventListener("push", (event) => {
  const news = pushed(event.data?.text());
  const badge = self.navigator as WorkerNavigator & { setAppBadge?: (n?: number) => Promise<void> };
  event.waitUntil(Promise.all([
    self.registration.showNotification(news.title, shownAs(news)),
    news.count !== null && badge.setAppBadge?.(news.count).catch(() => {}),
  ]));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data as { url: string };
  event.waitUntil(open(url));
});

/** Brings a tab to the front and lets it go to the place, so that nothing being written there is loaded away; else opens one. */
async function open(url: string) {
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const tab = tabFor(tabs, url);
  if (!tab) return void (await self.clients.openWindow(url));
  await tab.focus();
  tab.postMessage({ goTo: url });
}
