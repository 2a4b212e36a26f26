import type { Frame } from "../contract";
import type { LinkState } from "./live";

/** What tabs of one site tell each other. */
export type Note =
  | { kind: "frame"; frame: Frame }
  | { kind: "link"; state: LinkState }
  | { kind: "unsent" } // the queue in the storage has changed
  | { kind: "token" } // so has who we are
  | { kind: "seen"; id: number; position: number }
  | { kind: "moved"; from: number | string; to: number }
  | { kind: "ping" } // is there a leader?
  | { kind: "pong" };

export interface Channel {
  postMessage(note: unknown): void;
  close(): void;
  onmessage: ((event: MessageEvent) => void) | null;
}
export interface Locks {
  request(name: string, options: { signal?: AbortSignal; steal?: boolean }, work: () => Promise<unknown>): Promise<unknown>;
}

const PATIENCE = 3_000;

/**
 * The tabs that show one site. One of them leads: it holds the lock and the connection. Where locks or channels are
 * missing, every tab leads itself.
 */
export class Tabs {
  alone: boolean;
  leading = false;
  private leader = new AbortController();
  private release: () => void = () => {};
  private doubt = 0;
  private channel: Channel | null;

  constructor(
    private readonly name: string,
    private readonly onNote: (note: Note) => void,
    private readonly onLead: (leading: boolean) => void,
    private readonly locks: Locks | undefined = (navigator as { locks?: Locks }).locks,
    channel: (name: string) => Channel | null = (called) => (typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(called)),
  ) {
    try {
      this.channel = locks ? channel(name) : null;
    } catch {
      this.channel = null; // the browser keeps sites apart, or keeps nothing
    }
    this.alone = !this.channel;
    if (this.channel) this.channel.onmessage = (event) => this.hear(event.data as Note);
  }

  /** Stands for election; whoever has the lock leads until it leaves. */
  join(steal = false) {
    if (this.leading) return;
    if (this.alone) return this.lead(true);
    this.leader.abort();
    const mine = (this.leader = new AbortController());
    let held = false;
    const hold = () => {
      held = true;
      if (mine.signal.aborted) return Promise.resolve();
      this.lead(true);
      return new Promise<void>((done) => (this.release = done));
    };
    void this.locks!.request(this.name, steal ? { steal: true } : { signal: mine.signal }, hold).catch((error: unknown) => {
      if (this.leader !== mine) return;
      if (!held && !mine.signal.aborted && !stopped(error)) return this.goAlone();
      // Somebody took the lock from us while we slept, or we left.
      this.lead(false);
      if (!mine.signal.aborted) this.join();
    });
  }

  leave() {
    this.leader.abort();
    this.release();
    clearTimeout(this.doubt);
    this.doubt = 0;
    this.lead(false);
  }

  close() {
    this.leave();
    this.channel?.close();
    this.channel = null;
  }

  /** Locks are refused where storage is: in a private window, or when the visitor blocks what sites keep. */
  private goAlone() {
    this.alone = true;
    this.lead(true);
  }

  post(note: Note) {
    this.channel?.postMessage(note);
  }

  /** Somebody looks at this tab: the leader must be awake, or it is one no longer. */
  check() {
    if (this.leading || this.alone || this.doubt) return;
    this.post({ kind: "ping" });
    this.doubt = setTimeout(() => {
      this.doubt = 0;
      this.join(true);
    }, PATIENCE) as unknown as number;
  }

  /** Does the work while no other tab does the like. */
  async exclusively(what: string, work: () => Promise<void>): Promise<void> {
    let begun = false;
    const once = () => {
      begun = true;
      return work();
    };
    try {
      if (this.locks) return void (await this.locks.request(`${this.name}:${what}`, {}, once));
    } catch (error) {
      if (begun) throw error;
    }
    await work();
  }

  private lead(leading: boolean) {
    if (this.leading === leading) return;
    this.leading = leading;
    this.onLead(leading);
  }

  private hear(note: Note) {
    if (note.kind === "ping") {
      if (this.leading) this.post({ kind: "pong" });
    } else if (note.kind === "pong") {
      clearTimeout(this.doubt);
      this.doubt = 0;
      return;
    }
    this.onNote(note);
  }
}

const stopped = (error: unknown) => (error as Error | undefined)?.name === "AbortError";
