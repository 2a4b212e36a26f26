import { cacheOf, outdated, type Shell } from "./shell";

/** What of the browser the keeping of files needs; tests bring their own. */
export type Surroundings = { caches: CacheStorage; fetch: typeof fetch; digest: (text: string) => Promise<string> };

const PATIENCE_MS = 4000;
const AT_ONCE = 6;

/**
 * Reads all files of this version, or fails as a whole: then the version before goes on, and the browser tries again
 * later. What an older version has under the same name with a hash is taken from there.
 */
export async function keepShell(shell: Shell, { caches, fetch, digest }: Surroundings): Promise<void> {
  const cache = await caches.open(cacheOf(shell));
  const rest = [...shell.files];
  const read = async () => {
    for (let path = rest.shift(); path; path = rest.shift()) {
      const kept = path.startsWith("/assets/") ? await caches.match(path) : undefined;
      const answer = kept ?? (await fetch(path, { cache: path.startsWith("/assets/") ? "default" : "no-cache" }));
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      if (path === "/" && (await digest(await answer.clone().text())) !== shell.page) throw new Error("The page is one of another version.");
      await cache.put(path, answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, read));
}

/** Removes what no tab can need any more. `before` is the version that was answering until now. */
export async function forgetOlder(shell: Shell, before: string | null, { caches }: Surroundings): Promise<void> {
  await Promise.all(outdated(await caches.keys(), cacheOf(shell), before).map((name) => caches.delete(name)));
}

/** A file whose name has a hash: from any version kept, else from the server; rare letters are kept from then on. */
export async function kept(request: Request, shell: Shell, { caches, fetch }: Surroundings): Promise<Response> {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && shell.later.includes(new URL(request.url).pathname)) await (await caches.open(cacheOf(shell))).put(request, answer.clone());
  return answer;
}

/** What may change, such as the page: from the server, and from what was kept when the server is away or too slow to wait for. */
export async function fresh(asked: Promise<Response>, key: string, shell: Shell, { caches }: Surroundings, patience = PATIENCE_MS): Promise<Response> {
  const found = await (await caches.open(cacheOf(shell))).match(key);
  if (!found) return asked;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Response>((resolve) => (timer = setTimeout(() => resolve(found), patience)));
  try {
    const answer = await Promise.race([asked, late]);
    return isAway(answer) ? found : answer;
  } catch {
    return found;
  } finally {
    clearTimeout(timer);
  }
}

/** A proxy answers for a server that is being restarted. */
const isAway = (answer: Response) => answer.status >= 502 && answer.status <= 504;
