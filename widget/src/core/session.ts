import type { Attachment, Conversation, Frame, Message, Site } from "../contract";
import type { State } from "./book";
import { Feed, PAGE, type Link } from "./feed";
import { Live, type LinkState } from "./live";
import { Outbox } from "./outbox";
import { Tabs, type Note } from "./tabs";
import { merge, takeLive } from "./timeline";
import type { Surroundings as Given } from "./who";

export interface Surroundings extends Given {
  tabs?: (onNote: (note: Note) => void, onLead: (leading: boolean) => void) => Tabs;
  live?: (onFrame: (frame: Frame) => void, onState: (state: LinkState) => void, onRefused: (status: number, token: string) => void) => Link;
}

/** One visitor in one tab, as the screens use it. What it knows is the book's, who it is Who's, what comes in Feed's. */
export class Session extends Feed {
  readonly tabs: Tabs;
  protected readonly outbox: Outbox;
  protected readonly live: Link;

  constructor(around: Surroundings) {
    super(around);
    const { api } = this;
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

  async open(id: number) {
    if (this.line(id).ready) return;
    if (!this.state.lines.has(id)) this.setLine(id, this.line(id)); // from now on every sync asks for it
    const failed = await this.guard(() => this.fetchNewest(id).catch((error: unknown) => this.lost(id, error)));
    if (failed) this.syncLater(failed);
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

  /* ---- what becomes of what was said ---- */

  /** A conversation that began here has its place on the server now, or goes on in another. */
  private readonly move = (from: number | string, to: number) => {
    this.goOn(from, to);
    this.tabs.post({ kind: "moved", from, to });
  };

  private readonly accepted = (message: Message, conversation: Conversation) => {
    this.upsert(conversation);
    this.setLine(conversation.id, takeLive(this.line(conversation.id), message, false));
    if (!this.line(conversation.id).ready) void this.open(conversation.id);
  };
}
