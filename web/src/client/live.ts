import type { Frame } from "./nouns";
import { pathOf } from "./fetch";

export type LiveState = "connecting" | "open" | "lost";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
const SOCKET_TRIES = 2;
const SOCKET_PATIENCE = 5_000;

/** How long to wait before try n: doubling, with half of it left to chance so that a thousand browsers do not come at once. */
export function waitBefore(tries: number, chance = Math.random()): number {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
  return full / 2 + (full / 2) * chance;
}

/**
 * One connection for live frames: a WebSocket, or an event stream where sockets do not pass.
 * It listens from a cursor that is older than all that is on screen, so that nothing is missed between reading and
 * listening; it resumes from the last one it has seen and reconnects by itself until it is stopped.
 */
export class Live {
  private tries = 0;
  private socketFailures = 0;
  private timer = 0;
  private stopped = false;
  private close: () => void = () => {};

  constructor(
    private readonly onFrame: (frame: Frame) => void,
    private readonly onState: (state: LiveState) => void,
    private cursor: string,
  ) {}

  start() {
    this.stopped = false;
    window.addEventListener("online", this.reconnectNow);
    window.addEventListener("offline", this.offline);
    this.connect();
  }

  stop() {
    this.stopped = true;
    window.removeEventListener("online", this.reconnectNow);
    window.removeEventListener("offline", this.offline);
    window.clearTimeout(this.timer);
    this.close();
  }

  private readonly reconnectNow = () => {
    if (this.timer) this.connect();
  };

  private readonly offline = () => {
    this.close();
    this.lost();
  };

  private connect() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.onState("connecting");
    if (this.socketFailures < SOCKET_TRIES) this.openSocket();
    else this.openStream();
  }

  private openSocket() {
    const url = new URL(pathOf("/live", { after: this.cursor }), window.location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    let opened = false;
    const patience = window.setTimeout(() => socket.close(), SOCKET_PATIENCE);
    socket.onopen = () => {
      opened = true;
      window.clearTimeout(patience);
      this.opened();
    };
    socket.onmessage = (event) => this.take(event.data);
    socket.onclose = () => {
      window.clearTimeout(patience);
      this.socketFailures = opened ? 0 : this.socketFailures + 1;
      this.lost();
    };
    this.close = () => {
      window.clearTimeout(patience);
      socket.onclose = null;
      socket.close();
    };
  }

  private openStream() {
    const stream = new EventSource(pathOf("/live", { after: this.cursor }));
    stream.onopen = () => this.opened();
    stream.onmessage = (event) => this.take(event.data);
    stream.onerror = () => {
      stream.close();
      this.socketFailures = 0;
      this.lost();
    };
    this.close = () => stream.close();
  }

  private opened() {
    this.tries = 0;
    this.onState("open");
  }

  private lost() {
    if (this.stopped) return;
    this.onState("lost");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.connect(), waitBefore(this.tries++));
  }

  private take(data: unknown) {
    const frame = JSON.parse(String(data)) as Frame;
    if ("cursor" in frame) this.cursor = frame.cursor;
    if (frame.type === "reset") this.cursor = "";
    this.onFrame(frame);
  }
}
