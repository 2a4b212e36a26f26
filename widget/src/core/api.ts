import type { Attachment, Conversation, Message, Visitor } from "../contract";

/** The server said no. `status` 0: it did not answer at all. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly retryAfter = 0,
    /** Whose request it was: what an old token is told says nothing of the new one. */
    readonly token = "",
  ) {
    super(detail);
  }

  /** Worth another try as it is. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export interface Me {
  visitor: Visitor;
  conversations: Conversation[];
}

const PATIENCE = 20_000;

/** The client of /widget/v1. It never sends cookies. */
export class Api {
  token = "";

  constructor(
    readonly base: string,
    private readonly key: string,
  ) {}

  site = <T>() => this.send<T>("GET", `sites/${this.key}`);
  arrive = (body: object) => this.send<{ token: string; visitor: Visitor }>("POST", `sites/${this.key}/visitors`, body);
  identify = (identity: string) => this.send<{ token: string; visitor: Visitor }>("POST", "identity", { identity });
  me = () => this.send<Me>("GET", "me");
  change = (body: object) => this.send<Visitor | { visitor: Visitor } | null>("PATCH", "me", body);
  leave = () => this.send<null>("DELETE", "me");
  messages = (id: number, where: Record<string, number>) =>
    this.send<{ items: Message[]; more: boolean }>("GET", `conversations/${id}/messages?${new URLSearchParams(Object.entries(where).map(([name, n]) => [name, `${n}`]))}`);
  post = (body: object) => this.send<{ message: Message; conversation: Conversation }>("POST", "messages", body);
  marks = (id: number, body: object) => this.send<null>("PUT", `conversations/${id}/marks`, body);
  typing = (id: number, typing: boolean) => this.send<null>("PUT", `conversations/${id}/typing`, { typing });
  person = (id: number) => this.send<null>("POST", `conversations/${id}/person`, {});
  transcript = (id: number, email?: string) => this.send<null>("POST", `conversations/${id}/transcript`, email ? { email } : {});

  url = (path: string) => `${this.base}/widget/v1/${path}`;

  async send<T>(method: string, path: string, body?: object): Promise<T> {
    const { token } = this;
    const headers: Record<string, string> = {};
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    let answer: Response;
    try {
      answer = await fetch(this.url(path), {
        method, headers, credentials: "omit", body: body ? JSON.stringify(body) : null, signal: AbortSignal.timeout(PATIENCE),
      });
      const text = await answer.text();
      if (answer.ok) return (text ? JSON.parse(text) : null) as T;
      throw refusal(answer.status, text, answer.headers.get("Retry-After"), token);
    } catch (error) {
      throw error instanceof Refused ? error : new Refused(0, "");
    }
  }

  /** Uploads a file and says how far it has come, 0 to 1; fetch cannot. */
  upload(file: File, progress: (done: number) => void): { done: Promise<Attachment>; abort(): void } {
    const request = new XMLHttpRequest();
    const { token } = this;
    const done = new Promise<Attachment>((resolve, reject) => {
      request.open("POST", this.url("attachments"));
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.upload.onprogress = (event) => progress(event.loaded / event.total);
      request.onerror = request.onabort = () => reject(new Refused(0, ""));
      request.onload = () => {
        const made = request.status < 300 && parsed(request.responseText);
        if (made) resolve(made as Attachment);
        else reject(refusal(request.status, request.responseText, request.getResponseHeader("Retry-After"), token));
      };
      const form = new FormData();
      form.append("file", file);
      request.send(form);
    });
    return { done, abort: () => request.abort() };
  }
}

function refusal(status: number, text: string, retryAfter: string | null, token: string): Refused {
  return new Refused(status < 300 ? 0 : status, parsed(text)?.detail ?? "", Number(retryAfter) || 0, token);
}

/** An answer of ours; null when a proxy spoke. */
function parsed(text: string): { detail?: string } | null {
  try {
    return JSON.parse(text) as { detail?: string };
  } catch {
    return null;
  }
}
