/** What the server pushes: words for a notification and where it leads. */
export type Pushed = { title: string; body: string; tag: string; url: string; count: number | null };

/** Reads a push. One that says nothing readable still shows something: browsers take the right to push from who stays silent. */
export function pushed(text: string | undefined): Pushed {
  let given: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (value && typeof value === "object") given = value as Record<string, unknown>;
  } catch {
    // as if it were empty
  }
  const words = (name: string) => (typeof given[name] === "string" ? given[name] : "");
  const { count } = given;
  return {
    title: words("title") || "Rapport",
    body: words("body"),
    tag: words("tag"),
    url: inside(words("url")),
    count: typeof count === "number" && Number.isFinite(count) && count >= 0 ? Math.floor(count) : null,
  };
}

/** Only a place inside the application: a push never leads anywhere else. */
function inside(url: string): string {
  try {
    const at = new URL(url, "http://inside");
    return at.origin === "http://inside" && url.startsWith("/") ? at.pathname + at.search + at.hash : "/";
  } catch {
    return "/";
  }
}

/** How it is shown. What has the tag of one that is there replaces it, and is heard again. */
export function shownAs({ body, tag, url }: Pushed): NotificationOptions & { renotify?: boolean } {
  return { body, icon: "/icon-192.png", badge: "/icon-badge.png", data: { url }, ...(tag && { tag, renotify: true }) };
}

type Tab = { url: string; focused: boolean; visibilityState: string };

/** The tab that a click brings to the front: one that shows the place, else the one looked at last. */
export function tabFor<T extends Tab>(tabs: readonly T[], url: string): T | undefined {
  const shows = (tab: T) => new URL(tab.url).pathname === new URL(url, tab.url).pathname;
  return tabs.find(shows) ?? tabs.find((tab) => tab.focused) ?? tabs.find((tab) => tab.visibilityState === "visible") ?? tabs[0];
}
