import type { Attachment, Visitor } from "../contract";

/** A message that the server has not yet confirmed. It keeps its client_id through every try. */
export interface Unsent {
  client_id: string;
  conversation: number | string; // an id, or "new:…" until its first message has been accepted
  text: string;
  attachments: Attachment[];
  page: string;
  at: number;
  refused?: string; // why the server did not want it; such a one waits for a person
}

/** What is kept in this browser, after the first message only. */
export interface Kept {
  token: string;
  visitor: Visitor | null;
  asked?: boolean; // the e-mail question was answered or skipped
  peeked?: number; // the newest message shown beside the launcher
}

/**
 * The browser's storage for one inbox. One key per unsent message: two tabs never overwrite each other's words. Where
 * storage is refused, everything is kept as long as the page.
 */
export class Keep {
  private readonly name: string;
  private readonly spare = new Map<string, string>();

  constructor(key: string, private readonly storage: Storage | null = own()) {
    this.name = `rapport:${key}`;
  }

  read(): Kept | null {
    return parse(this.get(this.name));
  }

  write(kept: Kept) {
    this.set(this.name, JSON.stringify(kept));
  }

  change(change: Partial<Kept>) {
    const kept = this.read();
    if (kept) this.write({ ...kept, ...change });
  }

  forget() {
    for (const key of this.keys()) this.remove(key);
  }

  /** The oldest first. */
  unsent(): Unsent[] {
    const found = this.keys().filter((key) => key.startsWith(`${this.name}:out:`));
    return found
      .map((key) => parse<Unsent>(this.get(key)))
      .filter((each) => each !== null)
      .sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
  }

  put(message: Unsent) {
    this.set(`${this.name}:out:${message.client_id}`, JSON.stringify(message));
  }

  drop(clientId: string) {
    this.remove(`${this.name}:out:${clientId}`);
  }

  draft = (conversation: number | string) => this.get(this.draftKey(conversation)) ?? "";

  /** Words not yet sent. Before the first message they live as long as the page. */
  keepDraft(conversation: number | string, text: string) {
    const key = this.draftKey(conversation);
    if (!text) this.remove(key);
    else if (this.read()) this.set(key, text);
    else this.spare.set(key, text);
  }

  private draftKey = (conversation: number | string) => `${this.name}:draft:${typeof conversation === "number" ? conversation : "new"}`;

  private keys(): string[] {
    try {
      const stored = this.storage ? Array.from({ length: this.storage.length }, (_, at) => this.storage!.key(at) ?? "") : [];
      return [...new Set([...stored, ...this.spare.keys()])].filter((key) => key === this.name || key.startsWith(`${this.name}:`));
    } catch {
      return [...this.spare.keys()];
    }
  }

  private get(key: string): string | null {
    try {
      return this.spare.get(key) ?? this.storage?.getItem(key) ?? null;
    } catch {
      return null;
    }
  }

  private set(key: string, value: string) {
    this.spare.delete(key);
    try {
      if (!this.storage) throw 0;
      this.storage.setItem(key, value);
    } catch {
      this.spare.set(key, value); // full, or refused
    }
  }

  private remove(key: string) {
    this.spare.delete(key);
    try {
      this.storage?.removeItem(key);
    } catch {
      // Nothing was there.
    }
  }
}

function parse<T>(text: string | null): T | null {
  try {
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

function own(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
