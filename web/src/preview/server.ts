type Message = { id: number; conversation_id: number; position: number; author: { kind: string; name: string; photo_url: null }; text: string; html: null; attachments: unknown[]; created_at: string; client_id: string | null };

const visitor = { id: 1, name: "", email: "", known: false };
const CONVERSATION = 1;

/**
 * Answers in place of the server while settings are tried out: what is said in the preview stays in the preview. It knows one
 * visitor with one conversation, and what is needed to look at the chat; it judges nothing.
 */
export function pretend(site: () => unknown) {
  let messages: Message[] = [];
  const storage = new Map<string, string>();
  const realFetch = window.fetch.bind(window);

  const said = () => {
    const last = messages.at(-1);
    return {
      id: CONVERSATION, status: "open", closed_at: null, subject: messages[0]?.text.slice(0, 80) ?? "", last: last ? { author: last.author, text: last.text, created_at: last.created_at } : null,
      last_position: messages.length, seen_position: messages.length, agents_seen_position: messages.length, mailed_position: 0, unread: 0, promise_at: (site() as { opens_at: string | null }).opens_at, with: null,
    };
  };
  function take(body: { client_id: string; text: string }) {
    const known = messages.find((each) => each.client_id === body.client_id);
    const message = known ?? {
      id: messages.length + 1, conversation_id: CONVERSATION, position: messages.length + 1, author: { kind: "visitor", name: "", photo_url: null }, text: body.text, html: null, attachments: [],
      created_at: new Date().toISOString(), client_id: body.client_id,
    };
    if (!known) messages = [...messages, message];
    return { message, conversation: said() };
  }
  function answer(method: string, path: string, body: string): Response {
    if (/^sites\/[^/]+$/.test(path)) return Response.json(site());
    if (/visitors$|^identity$/.test(path)) return Response.json({ token: "rav_preview", visitor }, { status: 201 });
    if (path === "me") return Response.json(method === "GET" ? { visitor, conversations: messages.length > 0 ? [said()] : [] } : visitor);
    if (path.endsWith("/messages")) return Response.json({ items: messages, more: false });
    if (path === "messages") return Response.json(take(JSON.parse(body)), { status: 201 });
    return new Response(null, { status: 204 });
  }

  window.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input), window.location.href);
    if (!url.pathname.startsWith("/widget/v1/")) return realFetch(input, init);
    return answer(init?.method ?? "GET", url.pathname.slice("/widget/v1/".length), typeof init?.body === "string" ? init.body : "{}");
  };
  stayUnfocused();
  Object.defineProperty(window, "WebSocket", { value: QuietSocket });
  Object.defineProperty(window, "XMLHttpRequest", { value: QuietUpload });
  Object.defineProperty(window, "localStorage", {
    value: {
      get length() { return storage.size; },
      key: (n: number) => [...storage.keys()][n] ?? null,
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
      removeItem: (key: string) => void storage.delete(key),
      clear: () => storage.clear(),
    },
  });
  return {
    /** Nobody has said anything yet. */
    forget() {
      messages = [];
      storage.clear();
    },
  };
}

/** The chat takes the focus when it opens; here it does so only for somebody who is in it, never from a field of the settings. */
function stayUnfocused() {
  const focus = HTMLElement.prototype.focus;
  HTMLElement.prototype.focus = function (options) {
    if (document.hasFocus()) focus.call(this, options);
  };
}

/** A connection over which nothing comes but the greeting. */
class QuietSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readyState = 0;
  readonly protocol = "rapport";
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;

  constructor() {
    super();
    window.setTimeout(() => {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      const [open, hello] = [new Event("open"), new MessageEvent("message", { data: '{"type":"hello"}' })];
      this.onopen?.(open);
      this.dispatchEvent(open);
      this.onmessage?.(hello);
      this.dispatchEvent(hello);
    });
  }

  send() {}

  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    const closed = new Event("close");
    this.onclose?.(closed);
    this.dispatchEvent(closed);
  }
}

/** A file that arrives at once and goes nowhere. */
class QuietUpload {
  readonly upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null } = { onprogress: null };
  readonly status = 201;
  responseText = "";
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;

  open() {}
  setRequestHeader() {}
  getResponseHeader = () => null;
  abort() {}

  send(form: FormData) {
    const file = form.get("file") as File;
    this.responseText = JSON.stringify({ id: Date.now(), name: file.name, content_type: file.type, size: file.size });
    this.upload.onprogress?.({ loaded: 1, total: 1 });
    window.setTimeout(() => this.onload?.());
  }
}
