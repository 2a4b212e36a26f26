import type { Conversation, Site, Visitor } from "../contract";
import type { Unsent } from "./keep";
import type { LinkState } from "./live";
import { emptyTimeline, type Timeline } from "./timeline";

export interface State {
  site: Site;
  visitor: Visitor | null;
  /** Whether we know what this visitor has said before: nothing yet to know, asking, known, or out of reach. */
  phase: "new" | "loading" | "ready" | "unreachable";
  link: LinkState;
  conversations: readonly Conversation[];
  lines: ReadonlyMap<number, Timeline>;
  unsent: readonly Unsent[];
  typing: ReadonlyMap<number, string>;
  /** What has become of conversations that began here, or have gone on in another. */
  moved: ReadonlyMap<number | string, number>;
  /** Conversations that are no more. */
  gone: ReadonlySet<number>;
  asked: boolean;
  /** Words of a session that has ended, for its owner to send again. */
  rescued: string;
}

const TYPING_LASTS = 8_000;

/** What a tab knows, and who is told when it changes. */
export class Book {
  state: State;
  private readonly listeners = new Set<() => void>();
  private readonly timers = new Map<number, number>(); // of who is typing, by conversation
  private lastUnread = 0;
  private readonly touched = new Map<number, number>(); // when each conversation changed, by turns
  protected turn = 0;

  constructor(
    site: Site,
    private readonly onUnread: (n: number) => void,
  ) {
    this.state = {
      site, visitor: null, phase: "new", link: "off", conversations: [], lines: new Map(), unsent: [], typing: new Map(), moved: new Map(), gone: new Set(), asked: false, rescued: "",
    };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get unread(): number {
    return this.state.conversations.reduce((sum, each) => sum + each.unread, 0);
  }

  line = (id: number): Timeline => this.state.lines.get(id) ?? emptyTimeline;
  conversation = (id: number) => this.state.conversations.find((each) => each.id === id);

  protected setLine(id: number, line: Timeline) {
    this.set({ lines: new Map(this.state.lines).set(id, line) });
  }

  /** The server's list, asked for at a turn. What has begun or gone on here since then is not in it yet. */
  protected takeList(list: readonly Conversation[], turn: number) {
    const all = new Map(list.map((each) => [each.id, each]));
    for (const ours of this.state.conversations) {
      const theirs = all.get(ours.id);
      if ((this.touched.get(ours.id) ?? 0) > turn && !(theirs && theirs.last_position >= ours.last_position)) all.set(ours.id, ours);
    }
    this.set({ conversations: newestFirst([...all.values()]) });
    this.counted();
  }

  protected upsert(conversation: Conversation) {
    this.touched.set(conversation.id, ++this.turn);
    const old = this.conversation(conversation.id);
    // Marks only go forward, whichever way the news came.
    const seen = Math.max(old?.seen_position ?? 0, conversation.seen_position);
    const ahead = seen > conversation.seen_position; // what is counted there, we have seen meanwhile
    const next = { ...conversation, seen_position: seen, unread: ahead && seen >= conversation.last_position ? 0 : conversation.unread };
    this.set({ conversations: newestFirst([next, ...this.state.conversations.filter((each) => each.id !== next.id)]) });
    this.counted();
  }

  protected sawUpTo(id: number, position: number) {
    const found = this.conversation(id);
    if (found && position >= found.seen_position) this.upsert({ ...found, seen_position: position, unread: position >= found.last_position ? 0 : found.unread });
  }

  protected counted() {
    if (this.lastUnread !== this.unread) this.onUnread((this.lastUnread = this.unread));
  }

  protected setTyping(id: number, name: string | null) {
    const typing = new Map(this.state.typing);
    clearTimeout(this.timers.get(id));
    if (name === null) typing.delete(id);
    else {
      typing.set(id, name);
      this.timers.set(id, setTimeout(() => this.setTyping(id, null), TYPING_LASTS) as unknown as number);
    }
    this.set({ typing });
  }

  protected set(change: Partial<State>) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) {
      try {
        listener();
      } catch (error) {
        report(error); // a screen's fault does not stop what the session was about to do
      }
    }
  }

  protected closeBook() {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
}

/** Tells the browser of a fault as if nobody had caught it. */
export function report(error: unknown) {
  setTimeout(() => {
    throw error;
  });
}

export const newestFirst = (list: readonly Conversation[]) =>
  [...list].sort((a, b) => (b.last?.created_at ?? "").localeCompare(a.last?.created_at ?? "") || b.id - a.id);

