import type { Attachment, Conversation, Message } from "../contract";
import { type Api, Refused } from "./api";
import { report } from "./book";
import { newId } from "./id";
import type { Keep, Unsent } from "./keep";
import { waitBefore } from "./live";
import type { Tabs } from "./tabs";

interface Around {
  api: Api;
  keep: Keep;
  tabs: Tabs;
  /** Makes sure that there is a visitor to send as. */
  arrive(): Promise<void>;
  told(error: unknown): void;
  over(): boolean;
  changed(): void;
  accepted(message: Message, conversation: Conversation): void;
  moved(from: number | string, to: number): void;
}

/** What was said and is not yet with the server. It is sent in order, by one tab at a time, under the same name until it is. */
export class Outbox {
  private tries = 0;
  private timer = 0;
  private sending = false;
  private again = false; // asked to send while sending

  constructor(private readonly around: Around) {}

  put(conversation: number | string, text: string, attachments: Attachment[]) {
    const { keep, changed } = this.around;
    const message: Unsent = { client_id: newId(), conversation, text, attachments, page: page(), at: Date.now() };
    if (!keep.read()) keep.write({ token: "", visitor: null });
    keep.put(message);
    changed();
    void this.drain();
  }

  retry(clientId: string) {
    const { keep, changed } = this.around;
    const found = keep.unsent().find((each) => each.client_id === clientId);
    if (found?.refused !== undefined) keep.put({ ...found, refused: undefined });
    changed();
    void this.drain();
  }

  discard(clientId: string) {
    this.around.keep.drop(clientId);
    this.around.changed();
  }

  /** Sends what waits, the oldest first, one after the other. */
  async drain(): Promise<void> {
    const { keep, tabs, told, over, changed } = this.around;
    if (over()) return;
    if (this.sending) return void (this.again = true);
    this.sending = true;
    this.again = false;
    clearTimeout(this.timer);
    try {
      await tabs.exclusively("send", async () => {
        for (;;) {
          const next = keep.unsent().find((each) => each.refused === undefined);
          if (!next || over()) return;
          await this.deliver(next);
          this.tries = 0;
        }
      });
    } catch (error) {
      const refused = error instanceof Refused;
      if (refused) told(error);
      else report(error); // ours; what waits is tried again all the same
      if (!over() && keep.unsent().length) this.timer = setTimeout(() => void this.drain(), Math.max(refused ? error.retryAfter * 1000 : 0, waitBefore(this.tries++))) as unknown as number;
    } finally {
      this.sending = false;
      changed();
    }
    if (this.again) void this.drain();
  }

  private async deliver(next: Unsent) {
    const { api, keep, arrive, told, changed, accepted } = this.around;
    await arrive();
    try {
      const { message, conversation } = await api.post({
        client_id: next.client_id, conversation_id: typeof next.conversation === "number" ? next.conversation : null, text: next.text,
        attachment_ids: next.attachments.map(({ id }) => id), page: next.page,
      });
      if (next.conversation !== conversation.id) this.move(next.conversation, conversation.id);
      keep.drop(next.client_id);
      accepted(message, conversation);
      changed();
    } catch (error) {
      if (!(error instanceof Refused) || error.passing || error.status === 401) throw error;
      keep.put({ ...next, refused: error.message });
      told(error);
      changed();
    }
  }

  /** What waits for a conversation follows it. */
  private move(from: number | string, to: number) {
    const { keep, moved } = this.around;
    for (const each of keep.unsent()) if (each.conversation === from) keep.put({ ...each, conversation: to });
    moved(from, to);
  }
}

/** The page somebody writes from, as the company's teammates see it. */
export const page = () => location.href.replace(/#.*/, "").slice(0, 2000);
