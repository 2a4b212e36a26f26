import type { Frame } from "../contract";

export type LinkState = "off" | "connecting" | "open" | "lost";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
const SOCKET_TRIES = 2;
const SOCKET_PATIENCE = 8_000;
const ENDED = 4401; // the server closes with it when the token is one no longer

/** How long to wait before try n: doubling, with half of it left to chance so that a thousand browsers do not come at once. */
export function waitBefore(tries: number, chance = Math.random()): number {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
  return full / 2 + (full / 2) * chance;
}

/**
 * The one connection of a browser: a WebSocket, or a stream over fetch where sockets do not pass. It reconnects by itself
 * until it is stopped, or told that its token is no good.
 */
export class Live {
  private tries = 0;
  private socketFailures = 0;
  private timer = 0;
  private running = false;
  private close: () => void = () => {};

  constructor(
    private readonly url: string,
    private readonly token: () => string,
    private readonly onFrame: (frame: Frame) => void,
    private readonly onState: (state: LinkState) => void,
    private readonly onRefused: (status: number, token: string) => void,
  ) {}

  start() {
    if (this.running) return;
    this.running = true;
    this.connect();
  }

  stop() {
    this.running = false;
    clearTimeout(this.timer);
    this.close();
    this.onState("off");
  }

  /** Somebody waits: try now, whatever the clock says. `anew` distrusts an open connection too. */
  wake(anew = false) {
    if (!this.running) return;
    if (anew) this.close();
    if (anew || this.timer) {
      this.tries = 0;
      this.connect();
    }
  }

  private connect() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.onState("connecting");
    if (this.socketFailures < SOCKET_TRIES) this.openSocket();
    else void this.openStream();
  }

  private openSocket() {
    const token = this.token();
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.url.replace(/^http/, "ws"), ["rapport", token]);
    } catch {
      this.socketFailures++;
      return this.lost();
    }
    let opened = false;
    const patience = setTimeout(() => socket.close(), SOCKET_PATIENCE);
    socket.onopen = () => {
      opened = true;
      clearTimeout(patience);
    };
    socket.onmessage = (event) => this.take(String(event.data));
    socket.onclose = (event) => {
      clearTimeout(patience);
      if (event?.code === ENDED) {
        this.running = false;
        return this.onRefused(401, token);
      }
      this.socketFailures = opened ? 0 : this.socketFailures + 1;
      this.lost();
    };
    this.close = () => {
      clearTimeout(patience);
      socket.onclose = socket.onmessage = null;
      socket.close();
    };
  }

  private async openStream() {
    const stopping = new AbortController();
    const token = this.token();
    this.close = () => stopping.abort();
    try {
      const answer = await fetch(this.url, {
        headers: { Accept: "text/event-stream", Authorization: `Bearer ${token}` }, credentials: "omit", signal: stopping.signal,
      });
      if (answer.status === 401 || answer.status === 403) {
        this.running = false;
        return this.onRefused(answer.status, token);
      }
      const reader = answer.ok && answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; reader; ) {
        const { value, done } = await reader.read();
        if (done) break;
        const lines = (rest + value).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.startsWith("data:")) this.take(line.slice(5).trim());
      }
    } catch {
      if (stopping.signal.aborted) return;
    }
    this.socketFailures = 0; // perhaps sockets pass by now
    this.lost();
  }

  private lost() {
    if (!this.running) return;
    this.onState("lost");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), waitBefore(this.tries++)) as unknown as number;
  }

  private take(text: string) {
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      return;
    }
    if (frame.type === "hello") {
      this.tries = 0;
      this.onState("open");
    }
    this.onFrame(frame);
  }
}
