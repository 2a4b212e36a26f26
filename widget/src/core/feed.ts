import type { Frame, Message } from "../contract";
import { Refused } from "./api";
import { type Live, waitBefore, type LinkState } from "./live";
import type { Outbox } from "./outbox";
import type { Note } from "./tabs";
import { emptyTimeline, merge, takeLive, takePage } from "./timeline";
import { Who } from "./who";

export const PAGE = 50;
const QUIET = 60_000;
const OVERLAP = 40; // an answer that was held or scheduled appears below what came after it

export type Link = Pick<Live, "start" | "stop" | "wake">;

/** What comes from the server: over the connection that the tabs share, and by asking for what it may have missed. */
export abstract class Feed extends Who {
  protected abstract readonly outbox: Outbox;
  protected abstract readonly live: Link;
  protected readonly delivered = new Map<number, number>();
  private readonly steady = new Set<number>(); // conversations in which nothing can have been missed
  private era = 0; // counts connections
  private syncing = 0;
  private syncs = 0; // that failed
  private asked = 0; // or heard, last

  protected async follow() {
    this.live.stop(); // it spoke for another, if for anybody
    if (this.tabs.leading) this.live.start();
    else this.tabs.join();
    await this.sync();
  }

  protected unfollow() {
    this.live.stop();
    this.tabs.leave();
    this.steady.clear();
  }

  /** Somebody looks again: after sleep, after another page, after a long time in another tab. */
  wake(anew = false) {
    if (this.state.unsent.length) void this.outbox.drain();
    if (!this.around.api.token) return;
    if (this.tabs.leading) this.live.wake(anew);
    else this.tabs.check();
    if (anew) void this.sync();
  }

  /** Ends this session in this tab; the server's end is the caller's. */
  stop() {
    this.over = true;
    this.tabs.close();
    this.live.stop();
    clearTimeout(this.syncing);
    this.closeBook();
  }

  protected readonly led = (leading: boolean) => {
    if (leading && this.around.api.token) this.live.start();
    else this.live.stop();
  };

  protected readonly linked = (link: LinkState) => {
    if (this.over) return;
    this.set({ link });
    this.tabs.post({ kind: "link", state: link });
  };

  /** A frame from the connection of this tab: it is everybody's. */
  protected readonly take = (frame: Frame) => {
    this.tabs.post({ kind: "frame", frame });
    this.act(frame);
  };

  protected readonly hear = (note: Note) => {
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
      case "token":
        return this.changed();
    }
  };

  /** Whoever looks at a conversation that has gone on in another goes along; it can be opened again all the same. */
  protected goOn(from: number | string, to: number) {
    const { moved } = this.state;
    this.set({ moved: new Map(moved).set(from, to) });
    if (typeof from === "number") this.set({ moved });
  }

  private act(frame: Frame) {
    this.asked = Date.now();
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
    if (!newer) this.syncSoon(); // it was held or scheduled: the server counts whether it is news
    this.around.emit("message", { conversation_id: id, author: message.author.name, text: message.text });
    this.deliveredUpTo(id, message.position);
  }

  protected readonly queueChanged = () => {
    this.set({ unsent: this.around.keep.unsent() });
    this.tabs.post({ kind: "unsent" });
  };

  private deliveredUpTo(id: number, position: number) {
    if (!this.tabs.leading || (this.delivered.get(id) ?? 0) >= position) return;
    this.delivered.set(id, position);
    void this.guard(() => this.around.api.marks(id, { delivered_position: position }));
  }

  /** Asks for what may have been missed: the list, and every conversation that this tab holds. */
  async sync(): Promise<void> {
    const { api, keep } = this.around;
    const failed = await this.guard(async () => {
      const { turn } = this;
      const { visitor, conversations } = await api.me();
      this.set({ visitor, phase: "ready" });
      this.takeList(conversations, turn);
      keep.change({ visitor });
      for (const each of conversations) if (each.unread) this.deliveredUpTo(each.id, each.last_position);
      for (const id of [...this.state.lines.keys()]) await this.catchUp(id).catch((error: unknown) => this.lost(id, error));
    });
    if (failed && this.state.phase === "loading") this.set({ phase: "unreachable" });
    if (failed) this.syncLater(failed);
    else {
      clearTimeout(this.syncing);
      this.syncs = 0;
      this.asked = Date.now();
    }
  }

  protected syncLater(failed: Refused) {
    clearTimeout(this.syncing);
    if (failed.passing && this.api.token) this.syncSoon(waitBefore(4 + this.syncs++));
  }

  private syncSoon(wait = 300) {
    clearTimeout(this.syncing);
    if (!this.over) this.syncing = setTimeout(() => void this.sync(), wait) as unknown as number;
  }

  /** Asks when nothing was heard for a while: a connection may be dead without anybody having said so. */
  check() {
    if (this.api.token && Date.now() - this.asked > QUIET) void this.sync();
  }

  /** A conversation that is no more, or no longer ours, is let go; the others are not held up. */
  protected lost(id: number, error: unknown) {
    if (!(error instanceof Refused) || error.status !== 404) throw error;
    const lines = new Map(this.state.lines);
    lines.delete(id);
    this.set({ lines, conversations: this.state.conversations.filter((each) => each.id !== id), gone: new Set(this.state.gone).add(id) });
    this.counted();
  }

  private async catchUp(id: number) {
    if (!this.line(id).ready) return this.fetchNewest(id);
    const { era } = this;
    const { synced, items } = this.line(id);
    let after = Math.max(0, synced - OVERLAP);
    if (this.conversation(id)?.unread) after = Math.min(after, (items[0]?.position ?? 1) - 1); // it may stand anywhere
    for (let more = true; more; ) {
      const page = await this.around.api.messages(id, { after, limit: PAGE });
      this.setLine(id, takePage(this.line(id), after, page.items));
      if (era !== this.era) return; // the next hello asks again
      more = page.more;
      after = page.items.at(-1)?.position ?? after;
    }
    this.steady.add(id);
  }

  protected async fetchNewest(id: number) {
    const era = this.era;
    const page = await this.around.api.messages(id, { limit: PAGE });
    const line = this.line(id);
    const last = page.items.at(-1)?.position ?? 0;
    this.setLine(id, { items: merge(line.items, page.items), synced: last, older: page.more, ready: true });
    if (era === this.era) this.steady.add(id);
    else await this.catchUp(id);
  }
}
