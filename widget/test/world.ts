// A browser with tabs, and a server, that lose everything which may be lost: answers, connections, tabs. Seeded, on a
// clock of its own.
import { afterEach, beforeEach, vi } from "vitest";
import { Api } from "../src/core/api";
import { Keep } from "../src/core/keep";
import { Session } from "../src/core/session";
import { Tabs, type Channel, type Locks, type Note } from "../src/core/tabs";
import type { Frame, Message, Site } from "../src/contract";

export const site: Site = {
  name: "Miska", brand: "#0b6470", position: "end", language: "auto", greeting: {}, files: true, ask_email: true, mail: true, show_launcher: true, open: true, opens_at: null, closes_at: null,
  time_zone: "Europe/Warsaw", usual_reply_seconds: null,
};

export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** localStorage, shared by the tabs. */
export class Store implements Storage {
  private readonly kept = new Map<string, string>();
  [name: string]: unknown;
  get length() {
    return this.kept.size;
  }
  key = (at: number) => [...this.kept.keys()][at] ?? null;
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
  clear = () => this.kept.clear();
}

interface Kept extends Message {
  hidden?: boolean;
  late?: boolean; // was hidden, and counts as news
}

export class Server {
  readonly messages = new Map<number, Kept[]>(); // by conversation
  readonly sockets = new Set<Socket>();
  readonly tokens = new Set<string>();
  posts = 0;
  trouble = 0; // the share of requests that fail, half of them after they were carried out
  private ids = 0;

  constructor(readonly random: () => number) {}

  add(conversation: number, author: "visitor" | "agent", text: string, clientId: string | null = null): Kept {
    const line = this.messages.get(conversation)!;
    const found = clientId && [...this.messages.values()].flat().find((each) => each.client_id === clientId);
    if (found) return found;
    // Now and then a note lies between: a position the visitor never sees.
    if (this.random() < 0.3) line.push({ ...this.message(conversation, line.length + 1, "agent", "note"), hidden: true });
    const message = { ...this.message(conversation, line.length + 1, author, text), client_id: clientId };
    line.push(message);
    for (const socket of this.sockets) socket.tell({ type: "message", message });
    return message;
  }

  visible = (conversation: number) => this.messages.get(conversation)!.filter((each) => !each.hidden);

  drop() {
    for (const socket of [...this.sockets]) if (this.random() < 0.7) socket.break();
  }

  /** One request; a promise that may never be answered is the network's. */
  async answer(method: string, path: string, token: string, body: Record<string, unknown>): Promise<Response> {
    await wait(this.random() * 300);
    const bad = this.random() < this.trouble;
    if (bad && this.random() < 0.5) throw new TypeError("network");
    const answer = this.carryOut(method, path, token, body);
    await wait(this.random() * 300);
    if (bad) throw new TypeError("network");
    return answer;
  }

  private carryOut(method: string, path: string, token: string, body: Record<string, unknown>): Response {
    const [noun, id, verb] = path.split("?")[0]!.split("/");
    const query = new URLSearchParams(path.split("?")[1]);
    if (noun === "sites" && verb === "visitors") {
      const made = `rav_${++this.ids}`;
      this.tokens.add(made);
      return reply(201, { token: made, visitor: { id: 1, name: "", email: "", known: false } });
    }
    if (!this.tokens.has(token)) return reply(401, {});
    if (noun === "me") return reply(200, { visitor: { id: 1, name: "", email: "", known: false }, conversations: [...this.messages.keys()].map((each) => this.about(each)) });
    if (noun === "messages") {
      this.posts++;
      let conversation = body["conversation_id"] as number | null;
      const known = [...this.messages.values()].flat().find((each) => each.client_id === body["client_id"]);
      if (known) conversation = known.conversation_id;
      else if (conversation === null) this.messages.set((conversation = ++this.ids), []);
      const message = this.add(conversation!, "visitor", body["text"] as string, body["client_id"] as string);
      return reply(201, { message, conversation: this.about(conversation!) });
    }
    if (verb === "messages") {
      const number = (name: string) => Number(query.get(name) ?? 0);
      const all = this.visible(Number(id)).filter((each) => each.position > number("after") && (!number("before") || each.position < number("before")));
      const items = query.has("after") ? all.slice(0, number("limit")) : all.slice(-number("limit"));
      return reply(200, { items, more: items.length < all.length });
    }
    return method === "GET" ? reply(404, {}) : reply(204, null);
  }

  private about(id: number) {
    const line = this.visible(id);
    const last = line.at(-1);
    return {
      id, status: "open", closed_at: null, subject: "", last: last ? { author: last.author, text: last.text, created_at: last.created_at } : null, last_position: last?.position ?? 0,
      seen_position: 0, agents_seen_position: 0, mailed_position: 0, unread: line.filter((each) => each.late).length, promise_at: null, with: null,
    };
  }

  private message = (conversation: number, position: number, kind: "visitor" | "agent", text: string): Kept => ({
    id: ++this.ids, conversation_id: conversation, position, author: { kind, name: "", photo_url: null }, text, html: null, attachments: [], created_at: new Date().toISOString(), client_id: null,
  });
}

const reply = (status: number, body: unknown) => new Response(status === 204 ? null : JSON.stringify(body), { status });
const wait = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/** A WebSocket whose frames come late, in order, or, when it breaks, not at all. */
class Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event?: CloseEvent) => void) | null = null;
  private broken = false;
  private readonly server: Server;
  private last: Promise<unknown> = Promise.resolve();

  constructor(server: Server, token: string) {
    this.server = server;
    void wait(server.random() * 400).then(() => {
      if (this.broken) return;
      if (server.random() < server.trouble || !server.tokens.has(token)) return this.break();
      this.onopen?.();
      server.sockets.add(this);
      this.tell({ type: "hello" });
    });
  }

  tell(frame: Frame) {
    this.last = this.last.then(() => wait(this.server.random() * 200)).then(() => this.broken || this.onmessage?.({ data: JSON.stringify(frame) }));
  }

  break() {
    this.close();
    this.onclose?.();
  }

  close() {
    this.broken = true;
    this.server.sockets.delete(this);
  }
}

/** Locks of a browser: granted in the order asked for, freed when their tab dies, taken by force when told to. */
export class Lockers {
  private readonly held = new Map<string, { tab: object; lose: (error: unknown) => void }>();
  private readonly waiting: { name: string; tab: object; go: () => void; dead: boolean }[] = [];

  of = (tab: object): Locks => ({
    request: (name, { signal, steal }, work) =>
      new Promise((done, failed) => {
        const entry = { name, tab, dead: false, go: () => {} };
        entry.go = () => {
          const mine = { tab, lose: failed };
          this.held.set(name, mine);
          void Promise.resolve(work()).then(done, failed).finally(() => {
            if (this.held.get(name) === mine) this.free(name);
          });
        };
        signal?.addEventListener("abort", () => {
          entry.dead = true;
          failed(new DOMException("left", "AbortError"));
        });
        if (steal) {
          this.held.get(name)?.lose(new DOMException("stolen", "AbortError"));
          entry.go();
        } else if (this.held.has(name)) this.waiting.push(entry);
        else entry.go();
      }),
  });

  die(tab: object) {
    for (const entry of this.waiting) if (entry.tab === tab) entry.dead = true;
    for (const [name, { tab: owner }] of [...this.held]) if (owner === tab) this.free(name);
  }

  private free(name: string) {
    this.held.delete(name);
    const at = this.waiting.findIndex((entry) => entry.name === name && !entry.dead);
    if (at >= 0) this.waiting.splice(at, 1)[0]!.go();
  }
}

export class Browser {
  readonly store = new Store();
  readonly lockers = new Lockers();
  readonly tabs: Tab[] = [];
  constructor(readonly server: Server, readonly shared = true) {}

  open(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }
}

export class Tab {
  dead = false;
  readonly session: Session;
  channel: Channel | null = null;

  constructor(readonly browser: Browser) {
    const { server, shared } = browser;
    const api = new Api("http://support.test", "st_test");
    api.send = (async (method: string, path: string, body?: Record<string, unknown>) => {
      const send = Api.prototype.send.bind(api);
      const real = globalThis.fetch;
      globalThis.fetch = (() => {
        globalThis.fetch = real;
        return server.answer(method, path, api.token, body ?? {}).then((answer) => (this.dead ? new Promise<never>(() => {}) : answer), (error: unknown) => (this.dead ? new Promise<never>(() => {}) : Promise.reject(error)));
      }) as typeof fetch;
      return send(method, path, body);
    }) as typeof api.send;
    const channels = () => {
      const channel: Channel = {
        onmessage: null,
        close: () => {},
        postMessage: (note) => {
          if (this.dead) return;
          for (const other of browser.tabs) if (other !== this && !other.dead) queueMicrotask(() => other.dead || other.channel?.onmessage?.({ data: structuredClone(note) } as MessageEvent));
        },
      };
      return (this.channel = channel);
    };
    this.session = new Session({
      api, keep: new Keep("st_test", browser.store), key: "st_test", site, language: "en", identity: undefined, emit: () => {},
      tabs: (onNote: (note: Note) => void, onLead: (leading: boolean) => void) =>
        new Tabs("rapport", (note) => this.dead || onNote(note), onLead, shared ? browser.lockers.of(this) : undefined, channels),
    });
  }

  /** The power goes: nothing is said, nothing is tidied up. */
  die() {
    this.dead = true;
    this.session.stop();
    this.browser.lockers.die(this);
  }
}

/** Puts the server's sockets where the panel looks for them; streams do not pass. */
function useSockets(server: Server) {
  globalThis.fetch = () => Promise.reject(new TypeError("network"));
  (globalThis as { WebSocket: unknown }).WebSocket = class extends Socket {
    constructor(_: string, [, token]: [string, string]) {
      super(server, token);
    }
  };
}

/** Each test of a file has a clock of its own, and nothing it spied on outlives it. */
export function ownTime() {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date("2026-11-18T14:00:00Z") });
    vi.spyOn(console, "warn").mockImplementation(() => {});
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}

export const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** A browser before a server of its own; a seed is the same world every time. */
export function browser(seed: number, shared = true) {
  const server = new Server(seeded(seed));
  useSockets(server);
  vi.spyOn(Math, "random").mockImplementation(server.random);
  return new Browser(server, shared);
}
