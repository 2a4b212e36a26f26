import type { Attachment, Conversation, EventName, Frame, Message, Site, Visitor } from "../contract";
import { Api, Refused } from "./api";
import { Book, newestFirst, type State } from "./book";
import { Keep } from "./keep";
import { Live, waitBefore, type LinkState } from "./live";
import { Outbox, page } from "./outbox";
import { Tabs, type Note } from "./tabs";
import { emptyTimeline, merge, takeLive, takePage } from "./timeline";

export interface Surroundings {
  api: Api;
  keep: Keep;
  key: string;
  site: Site;
  language: string;
  identity: string | undefined;
  emit(event: EventName, detail?: unknown): void;
  tabs?: (onNote: (note: Note) => void, onLead: (leading: boolean) => void) => Tabs;
  live?: (onFrame: (frame: Frame) => void, onState: (state: LinkState) => void, onRefused: (status: number, token: string) => void) => Pick<Live, "start" | "stop" | "wake">;
}

const PAGE = 50;
const OVERLAP = 40; // an answer that was held or scheduled appears below what came after it

/** One visitor in one tab: what was said, what is on its way, and the connection it shares with other tabs. */
export class Session extends Book {
  readonly tabs: Tabs;
  private readonly outbox: Outbox;
  private readonly live: Pick<Live, "start" | "stop" | "wake">;
  private readonly steady = new Set<number>(); // conversations in which nothing can have been missed
  private syncing = 0;
  private readonly delivered = new Map<number, number>();
  private readonly warned = new Set<string>();
  private era = 0; // counts connections
  private syncs = 0; // that failed
  private proving: Promise<void> | null = null;
  private over = false;

  readonly api: Api;

  constructor(private readonly around: Surroundings) {
    super(around.site, (n) => around.emit("unread", n));
    const api = (this.api = around.api);
    this.tabs = around.tabs?.(this.hear, this.led) ?? new Tabs(`rapport:${around.key}`, this.hear, this.led);
    this.outbox = new Outbox({
      api, keep: around.keep, tabs: this.tabs, arrive: this.arrive, told: this.told, over: () => this.over, changed: this.queueChanged, accepted: this.accepted, moved: this.move,
    });
    this.live = around.live?.(this.take, this.linked, this.refused) ?? new Live(api.url("live"), () => api.token, this.take, this.linked, this.refused);
  }

  /** Takes up what this browser keeps. */
  async start() {
    const { keep, identity } = this.around;
    const kept = keep.read();
    this.set({ visitor: kept?.visitor ?? null, unsent: keep.unsent(), asked: !!kept?.asked });
    if (kept?.token) await this.enter(kept.token);
    if (identity) await this.identify(identity);
    if (this.state.unsent.length) void this.outbox.drain();
  }

  /** Ends this session in this tab; the server's end is the caller's. */
  stop() {
    this.over = true;
    this.tabs.close();
    this.live.stop();
    clearTimeout(this.syncing);
    this.closeBook();
  }

  /** Somebody looks again: after sleep, after another page, after a long time in another tab. */
  wake(anew = false) {
    if (this.state.unsent.length) void this.outbox.drain();
    if (!this.around.api.token) return;
    if (this.tabs.leading) this.live.wake(anew);
    else this.tabs.check();
    if (anew) void this.sync();
  }

  /* ---- what the screens ask for ---- */

  async open(id: number) {
    if (!this.line(id).ready) await this.guard(() => this.fetchNewest(id));
  }

  async older(id: number) {
    const line = this.line(id);
    const first = line.items[0]?.position;
    if (!line.older || !first) return;
    await this.guard(async () => {
      const page = await this.around.api.messages(id, { before: first, limit: PAGE });
      this.setLine(id, { ...this.line(id), items: merge(this.line(id).items, page.items), older: page.more });
    });
  }

  /** Queues a message; it is sent in its turn. */
  say(conversation: number | string, text: string, attachments: Attachment[] = []) {
    if (this.state.rescued) this.set({ rescued: "" });
    this.outbox.put(this.state.moved.get(conversation) ?? conversation, text, attachments);
  }

  retry = (clientId: string) => this.outbox.retry(clientId);
  discard = (clientId: string) => this.outbox.discard(clientId);

  /** A token before the first message, for a file that goes with it. */
  arrive = () =>
    this.tabs.exclusively("arrive", async () => {
      const { api, keep, language, identity } = this.around;
      const token = keep.read()?.token;
      if (token) api.token = token;
      if (api.token) return;
      const anonymous = { language, time_zone: zone(), page: page() };
      this.adopt(await api.arrive({ ...anonymous, ...(identity && { identity }) }).catch((error: unknown) => {
        if (!identity || !(error instanceof Refused) || error.status !== 403) throw error;
        this.disproved(error); // what is to be said is said all the same
        return api.arrive(anonymous);
      }));
    });

  saw(id: number) {
    const found = this.conversation(id);
    const position = Math.max(found?.last_position ?? 0, this.line(id).items.at(-1)?.position ?? 0);
    if (!found || (found.seen_position >= position && !found.unread)) return;
    this.sawUpTo(id, position);
    this.tabs.post({ kind: "seen", id, position });
    this.delivered.set(id, position);
    void this.guard(() => this.around.api.marks(id, { delivered_position: position, seen_position: position }));
  }

  typing(id: number, typing: boolean) {
    if (this.state.link !== "off") void this.guard(() => this.around.api.typing(id, typing));
  }

  async setEmail(email: string) {
    await this.around.api.change({ email });
    this.answered({ visitor: { ...(this.state.visitor ?? { id: 0, name: "", known: false }), email } });
  }

  answered(change: Partial<State> = {}) {
    this.set({ asked: true, ...change });
    this.around.keep.change({ asked: true, ...(change.visitor && { visitor: change.visitor }) });
  }

  async person(id: number) {
    await this.around.api.person(id);
  }

  async transcript(id: number, email?: string) {
    await this.around.api.transcript(id, email);
    if (email && this.state.visitor) this.answered({ visitor: { ...this.state.visitor, email } });
  }

  async identify(jwt: string) {
    const { api } = this.around;
    this.around.identity = jwt;
    const asked = api.token ? api.identify(jwt) : api.arrive({ language: this.around.language, time_zone: zone(), page: page(), identity: jwt });
    this.proving = asked.then((made) => this.adopt(made)).catch(() => {}).finally(() => (this.proving = null));
    try {
      await asked;
      await this.proving;
      await this.enter(api.token);
      this.tabs.post({ kind: "token" });
    } catch (error) {
      if (error instanceof Refused && error.status === 403) this.disproved(error);
      else if (!this.caught(error)) throw error;
    }
  }

  /** The page's proof of who this is was no good. */
  private disproved(error: Refused) {
    this.around.identity = undefined;
    this.warn(error.message);
    this.around.emit("error", error);
  }

  async refreshSite() {
    await this.guard(async () => {
      const site = await this.around.api.site<Site>();
      this.set({ site });
    });
  }

  async leave() {
    const { api, keep } = this.around;
    if (api.token) await api.leave().catch(() => {});
    api.token = "";
    keep.forget();
    this.tabs.post({ kind: "token" });
    this.stop();
  }

  /* ---- who we are ---- */

  private adopt({ token, visitor }: { token: string; visitor: Visitor }) {
    const { api, keep } = this.around;
    api.token = token;
    keep.write({ ...keep.read(), token, visitor });
    this.set({ visitor, phase: this.state.phase === "new" ? "ready" : this.state.phase });
    this.tabs.join();
  }

  private async enter(token: string) {
    this.around.api.token = token;
    if (this.state.phase !== "ready") this.set({ phase: "loading" });
    this.live.stop(); // it spoke for another, if for anybody
    if (this.tabs.leading) this.live.start();
    else this.tabs.join();
    await this.sync();
  }

  /** The server does not know us any more: a new beginning, with the words that were not sent. */
  private ended(which: string) {
    const { api, keep } = this.around;
    if (which !== api.token) return;
    const token = keep.read()?.token;
    if (token && token !== api.token) return void this.enter(token); // another tab is somebody new already
    const rescued = keep.unsent().map((each) => each.text).join("\n\n");
    keep.forget();
    this.fresh(rescued);
    this.tabs.post({ kind: "token" });
  }

  private fresh(rescued: string) {
    this.around.api.token = "";
    this.live.stop();
    this.tabs.leave();
    this.steady.clear();
    this.set({ visitor: null, phase: "new", conversations: [], lines: new Map(), unsent: [], typing: new Map(), moved: new Map(), asked: false, rescued });
  }

  private readonly refused = (status: number, token: string) => void this.caught(new Refused(status, "", 0, token));

  /** A screen's request failed; what concerns everybody is handled here. */
  told = (error: unknown) => void this.caught(error);

  /** Handles what any request may be told; false leaves it to the caller. */
  private caught(error: unknown): boolean {
    if (!(error instanceof Refused)) return false;
    if (error.status === 401) {
      // While a proof is on its way the old token may end before the new one is here.
      if (this.proving) void this.proving.then(() => this.ended(error.token));
      else this.ended(error.token);
    }
    else if (error.status === 403) this.warn(error.message || `${location.origin} is not an allowed site of this inbox.`);
    else return error.passing;
    return true;
  }

  private warn(said: string) {
    if (!this.warned.has(said)) console.warn(`Rapport: ${said}`);
    this.warned.add(said);
  }

  /** Does it, and gives what the server refused it with. */
  private async guard(work: () => Promise<unknown>): Promise<Refused | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.caught(error);
      return error;
    }
  }

  /** A conversation that began here has its place on the server now, or goes on in another. */
  private readonly move = (from: number | string, to: number) => {
    this.goOn(from, to);
    this.tabs.post({ kind: "moved", from, to });
  };

  /** Whoever looks at a conversation that has gone on in another goes along; it can be opened again all the same. */
  private goOn(from: number | string, to: number) {
    const { moved } = this.state;
    this.set({ moved: new Map(moved).set(from, to) });
    if (typeof from === "number") this.set({ moved });
  }

  private readonly accepted = (message: Message, conversation: Conversation) => {
    this.upsert(conversation);
    this.setLine(conversation.id, takeLive(this.line(conversation.id), message, false));
    if (!this.line(conversation.id).ready) void this.open(conversation.id);
  };

  private readonly queueChanged = () => {
    this.set({ unsent: this.around.keep.unsent() });
    this.tabs.post({ kind: "unsent" });
  };

  /* ---- the connection ---- */

  private readonly led = (leading: boolean) => {
    if (leading && this.around.api.token) this.live.start();
    else this.live.stop();
  };

  private readonly linked = (link: LinkState) => {
    if (this.over) return;
    this.set({ link });
    this.tabs.post({ kind: "link", state: link });
  };

  /** A frame from the connection of this tab: it is everybody's. */
  private readonly take = (frame: Frame) => {
    this.tabs.post({ kind: "frame", frame });
    this.act(frame);
  };

  private readonly hear = (note: Note) => {
    if (this.over) return;
    switch (note.kind) {
      case "frame":
        return this.act(note.frame);
      case "link":
        return this.tabs.leading ? undefined : this.set({ link: note.state });
      case "unsent":
        return this.set({ unsent: this.around.keep.unsent() });
      case "seen":
        return this.sawUpTo(note.id, note.position);
      case "moved":
        return this.goOn(note.from, note.to);
      case "ping":
        if (!this.tabs.leading) return;
        this.live.wake();
        return this.tabs.post({ kind: "link", state: this.state.link });
      case "token": {
        const token = this.around.keep.read()?.token ?? "";
        if (token === this.around.api.token) return;
        if (token) return void this.enter(token);
        return this.fresh("");
      }
    }
  };

  private act(frame: Frame) {
    switch (frame.type) {
      case "hello":
        this.steady.clear();
        this.era++;
        void this.sync();
        if (this.around.keep.unsent().length) void this.outbox.drain();
        return;
      case "reset":
        this.steady.clear();
        this.set({ lines: new Map([...this.state.lines.keys()].map((id) => [id, emptyTimeline])) });
        return void this.sync();
      case "message":
        return this.received(frame.message);
      case "conversation":
        return this.upsert(frame.conversation);
      case "marks": {
        const found = this.conversation(frame.conversation_id);
        if (found) this.upsert({ ...found, agents_seen_position: Math.max(found.agents_seen_position, frame.agents_seen_position) });
        return;
      }
      case "typing":
        return this.setTyping(frame.conversation_id, frame.typing ? frame.name : null);
    }
  }

  private received(message: Message) {
    const id = message.conversation_id;
    const mine = message.author.kind === "visitor";
    const known = this.line(id).items.some((each) => each.id === message.id);
    this.setLine(id, takeLive(this.line(id), message, this.steady.has(id)));
    if (message.client_id && this.around.keep.unsent().some((each) => each.client_id === message.client_id)) {
      this.around.keep.drop(message.client_id);
      this.queueChanged();
    }
    if (!mine) this.setTyping(id, null);
    const found = this.conversation(id);
    if (!found) return void this.sync();
    const newer = message.position > found.last_position;
    this.upsert({
      ...found,
      last_position: Math.max(found.last_position, message.position),
      last: newer || !found.last ? { author: message.author, text: message.text, created_at: message.created_at } : found.last,
      unread: found.unread + (!mine && !known && newer ? 1 : 0),
      promise_at: mine ? found.promise_at : null,
    });
    if (mine || known) return;
    this.around.emit("message", { conversation_id: id, author: message.author.name, text: message.text });
    this.deliveredUpTo(id, message.position);
  }

  private deliveredUpTo(id: number, position: number) {
    if (!this.tabs.leading || (this.delivered.get(id) ?? 0) >= position) return;
    this.delivered.set(id, position);
    void this.guard(() => this.around.api.marks(id, { delivered_position: position }));
  }

  /** Asks for what may have been missed: the list, and every conversation that this tab holds. */
  async sync(): Promise<void> {
    const { api, keep } = this.around;
    const failed = await this.guard(async () => {
      const { visitor, conversations } = await api.me();
      this.set({ visitor, phase: "ready", conversations: newestFirst(conversations) });
      keep.change({ visitor });
      this.counted();
      for (const each of conversations) if (each.unread) this.deliveredUpTo(each.id, each.last_position);
      for (const id of [...this.state.lines.keys()]) await this.catchUp(id);
    });
    if (failed && this.state.phase === "loading") this.set({ phase: "unreachable" });
    clearTimeout(this.syncing);
    if (!failed) this.syncs = 0;
    else if (failed.passing && api.token && !this.over) this.syncing = setTimeout(() => void this.sync(), waitBefore(4 + this.syncs++)) as unknown as number;
  }

  private async catchUp(id: number) {
    if (!this.line(id).ready) return this.fetchNewest(id);
    const era = this.era;
    for (let after = Math.max(0, this.line(id).synced - OVERLAP); ; after = this.line(id).synced) {
      const page = await this.around.api.messages(id, { after, limit: PAGE });
      this.setLine(id, takePage(this.line(id), after, page.items));
      if (era !== this.era) return; // the next hello asks again
      if (!page.more) break;
    }
    this.steady.add(id);
  }

  private async fetchNewest(id: number) {
    const era = this.era;
    const page = await this.around.api.messages(id, { limit: PAGE });
    const line = this.line(id);
    const last = page.items.at(-1)?.position ?? 0;
    this.setLine(id, { items: merge(line.items, page.items), synced: last, older: page.more, ready: true });
    if (era === this.era) this.steady.add(id);
    else await this.catchUp(id);
  }
}

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
