import { expect, it } from "vitest";
import { forgetOlder, fresh, keepShell, kept, type Surroundings } from "./keep";
import type { Shell } from "./shell";

const shell: Shell = { version: "2", page: "digest of page 2", files: ["/", "/theme.js", "/assets/a-22222222.js"], later: ["/assets/greek-22222222.woff2"] };
const pathOf = (asked: RequestInfo | URL) => new URL(typeof asked === "string" ? asked : (asked as Request).url, "http://desk.test").pathname;

/** A browser's caches and a server, as far as a worker sees them. */
function around(server: Record<string, string | number>, given: Record<string, Record<string, string>> = {}) {
  const stores = new Map<string, Map<string, Response>>();
  for (const [name, files] of Object.entries(given)) stores.set(name, new Map(Object.entries(files).map(([path, body]) => [path, new Response(body)])));
  const asked: string[] = [];
  const cache = (store: Map<string, Response>) => ({
    match: async (path: RequestInfo) => store.get(pathOf(path))?.clone(),
    put: async (path: RequestInfo, answer: Response) => void store.set(pathOf(path), answer),
  });
  const surroundings = {
    caches: {
      open: async (name: string) => cache(stores.get(name) ?? stores.set(name, new Map()).get(name)!),
      keys: async () => [...stores.keys()],
      delete: async (name: string) => stores.delete(name),
      match: async (path: RequestInfo) => [...stores.values()].map((store) => store.get(pathOf(path))).find(Boolean)?.clone(),
    },
    fetch: async (path: RequestInfo) => {
      asked.push(pathOf(path));
      const body = server[pathOf(path)] ?? 404;
      return typeof body === "number" ? new Response("", { status: body }) : new Response(body);
    },
    digest: async (text: string) => `digest of ${text}`,
  } as unknown as Surroundings;
  return { surroundings, stores, asked };
}

const whole = { "/": "page 2", "/theme.js": "theme 2", "/assets/a-22222222.js": "a" };

it("keeps every file, and takes from the version before what has the same name with a hash", async () => {
  const { surroundings, stores, asked } = around(whole, { "rapport-1": { "/": "page 1", "/theme.js": "theme 1", "/assets/a-22222222.js": "a, as it was" } });
  await keepShell(shell, surroundings);
  expect(await stores.get("rapport-2")!.get("/")!.text()).toBe("page 2");
  expect(await stores.get("rapport-2")!.get("/theme.js")!.text()).toBe("theme 2");
  expect(await stores.get("rapport-2")!.get("/assets/a-22222222.js")!.text()).toBe("a, as it was");
  expect(asked).not.toContain("/assets/a-22222222.js");
});

it.each([
  ["a file is gone", { ...whole, "/assets/a-22222222.js": 404 }],
  ["the server has yet another version", { ...whole, "/": "page 3" }],
  ["the server is being restarted", { ...whole, "/": 503 }],
])("is not installed at all when %s", async (_, server) => {
  await expect(keepShell(shell, around(server).surroundings)).rejects.toThrow();
});

it("forgets the versions that no tab can show any more", async () => {
  const { surroundings, stores } = around({}, { "rapport-0": {}, "rapport-1": {}, "rapport-2": {}, other: {} });
  await forgetOlder(shell, "rapport-1", surroundings);
  expect([...stores.keys()]).toEqual(["rapport-1", "rapport-2", "other"]);
});

it("answers for scripts from any version it has, so that an older tab reads on in its own", async () => {
  const { surroundings, asked } = around({}, { "rapport-1": { "/assets/a-11111111.js": "old a" }, "rapport-2": {} });
  const answer = await kept(new Request("http://desk.test/assets/a-11111111.js"), shell, surroundings);
  expect(await answer.text()).toBe("old a");
  expect(asked).toEqual([]);
  expect((await kept(new Request("http://desk.test/assets/a-00000000.js"), shell, surroundings)).status).toBe(404);
});

it("keeps rare letters once they were asked for", async () => {
  const { surroundings, asked } = around({ "/assets/greek-22222222.woff2": "letters" });
  const letters = () => new Request("http://desk.test/assets/greek-22222222.woff2");
  expect(await (await kept(letters(), shell, surroundings)).text()).toBe("letters");
  expect(await (await kept(letters(), shell, surroundings)).text()).toBe("letters");
  expect(asked).toHaveLength(1);
});

const never = () => new Promise<Response>(() => {});
it.each([
  ["answers", async () => new Response("of the server"), "of the server"],
  ["answers that there is no such thing", async () => new Response("none", { status: 404 }), "none"],
  ["is away", async () => Promise.reject<Response>(new TypeError("away")), "kept page"],
  ["is being restarted behind a proxy", async () => new Response("bad gateway", { status: 502 }), "kept page"],
  ["takes too long", never, "kept page"],
])("the page, when the server %s", async (_, ask, want) => {
  const { surroundings } = around({}, { "rapport-2": { "/": "kept page" } });
  expect(await (await fresh(ask(), "/", shell, surroundings, 5)).text()).toBe(want);
});

it("waits for the server when nothing is kept", async () => {
  await expect(fresh(Promise.reject(new TypeError("away")), "/", shell, around({}).surroundings, 5)).rejects.toThrow("away");
});
