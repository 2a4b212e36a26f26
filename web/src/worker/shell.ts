/** What one build of the application consists of. The build writes it in front of the worker. */
export type Shell = {
  version: string;
  /** SHA-256 of the page, in hex: a page of another build is never kept among these files. */
  page: string;
  /** Read when the worker is installed: the page, its scripts, styles and first letters. */
  files: string[];
  /** Kept when they are first asked for: letters of rarer scripts. */
  later: string[];
};

/**
 * How a request is answered: `kept` from what was kept, which never changes under its name; `fresh` from the server,
 * and from what was kept when it does not answer; `network` as if there were no worker.
 */
export type Road = { by: "kept" } | { by: "fresh"; key: string } | { by: "network" };

/** Pages and files that are not the application's: they never go through a cache. */
const others = /^\/(api|widget|forms|help|unsubscribe|demo|docs|healthz|readyz|metrics)(\/|$)/;
const hashed = /^\/assets\/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

export function roadOf(request: { method: string; mode: string; url: string }, origin: string, shell: Shell): Road {
  const { origin: of, pathname } = new URL(request.url);
  if (request.method !== "GET" || of !== origin || others.test(pathname)) return { by: "network" };
  if (hashed.test(pathname)) return { by: "kept" };
  if (request.mode === "navigate") return isFile(pathname) ? { by: "network" } : { by: "fresh", key: "/" };
  return pathname !== "/" && shell.files.includes(pathname) ? { by: "fresh", key: pathname } : { by: "network" };
}

const isFile = (pathname: string) => /\.[a-z0-9]+$/i.test(pathname);

const CACHE = "rapport-";
export const cacheOf = (shell: Shell) => CACHE + shell.version;

/**
 * Which caches go when a version takes over. The one before stays: a tab that still shows it can read on in its own
 * scripts, which the server no longer has, until it is loaded again.
 */
export function outdated(names: string[], current: string, before: string | null): string[] {
  return names.filter((name) => name.startsWith(CACHE) && name !== current && name !== before);
}
