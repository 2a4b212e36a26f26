import { api } from "./fetch";
import { waitBefore } from "./live";
import { Problem } from "./problem";
import { away, queue, queueOwner, queueRoom, tell, type Command } from "./queue";
import { onShelf } from "./store";

const AT_ONCE = 4;
const PATIENCE_MS = 30_000;
const LOCK = "rapport.commands";
const busy = new Set<number>();
const tabs = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;
let sends: Promise<void> | null = null;
let finished: (() => void) | null = null;
let timer = 0;
let failures = 0;
let stopped = false;
/** The commands that have stood on the shelf: one that is missing there was sent by another tab. */
const shelved = new Set<string>();

/** Shows and sends what was left behind, and from now on what other tabs leave. */
export async function start(owner: string) {
  stopped = false;
  await readAgain();
  const room = await queueRoom();
  for (const command of queue.get()) if (!command.held) room?.show(command);
  if (tabs) tabs.onmessage = () => void readAgain().then(() => send());
  window.addEventListener("online", () => void wake());
  if (owner === queueOwner()) void send();
}

/** Keeps a command and sends it. */
export async function take(command: Command) {
  await keep(command);
  tabs?.postMessage("");
  if (timer) tell(command.id, { state: "waiting" });
  void send();
}

/** Tries at once: the server is heard again. */
export function wake(): Promise<void> {
  failures = 0;
  window.clearTimeout(timer);
  timer = 0;
  return send();
}

/** Sends a held command although somebody else has set something meanwhile, or gives it up. */
export async function decide(command: Command, mine: boolean) {
  if (!mine) return forget(command);
  const { held, ...again } = command;
  const sent = { ...again, body: { ...command.body, was: held!.now } };
  replace(sent);
  (await queueRoom())?.show(sent);
  await take(sent);
}

/** Changes a command that waits. */
export function amend(command: Command) {
  replace(command);
  void keep(command);
}

export const giveUp = (command: Command) => void forget(command);

/** What has not been told to the server is forgotten: whoever did it has signed out. */
export async function forgetCommands() {
  await onShelf("commands", "readwrite", (shelf) => {
    for (const { id } of queue.get()) shelf.delete(id);
  });
  queue.set([]);
}

async function keep(command: Command) {
  if (await onShelf("commands", "readwrite", (shelf) => shelf.put(command, command.id))) shelved.add(command.id);
}

function replace(command: Command) {
  queue.set((now) => now.map((each) => (each.id === command.id ? command : each)));
}

async function forget(command: Command) {
  queue.set((now) => now.filter((each) => each.id !== command.id));
  shelved.delete(command.id);
  await onShelf("commands", "readwrite", (shelf) => shelf.delete(command.id));
  tabs?.postMessage("");
}

/** What stands on the shelf is what counts: another tab may have added, or sent. What has not got there yet stays. */
async function readAgain() {
  const all = await onShelf<Command[]>("commands", "readonly", (shelf) => shelf.getAll());
  if (!all) return; // this browser keeps nothing: the queue lives with the page
  const mine = all.filter((command) => command.owner === queueOwner()).sort((a, b) => a.at - b.at);
  const ids = new Set(mine.map((command) => command.id));
  const missing = queue.get().filter((command) => !ids.has(command.id));
  queue.set([...mine, ...missing.filter((command) => !shelved.has(command.id))]);
  for (const { id } of missing) if (shelved.delete(id)) tell(id, { state: "done", answer: null });
  for (const id of ids) shelved.add(id);
}

/** One tab sends at a time, until nothing is left or the server is away. */
function send(): Promise<void> {
  if (sends) {
    pump();
    return sends;
  }
  sends = exclusively(async () => {
    await readAgain();
    await new Promise<void>((resolve) => {
      finished = resolve;
      pump();
    });
  }).finally(() => {
    sends = finished = null;
    if (!timer && !stopped && queue.get().some((command) => !command.held)) later();
  });
  return sends;
}

const exclusively = (work: () => Promise<void>) => ("locks" in navigator ? navigator.locks.request(LOCK, work) : work());

function pump() {
  if (!finished) return;
  const seen = new Set<number>();
  for (const command of queue.get()) {
    if (command.held || busy.size >= AT_ONCE || timer || stopped) continue;
    if (!seen.has(command.lane) && !busy.has(command.lane)) void attempt(command);
    seen.add(command.lane);
  }
  if (busy.size === 0) finished();
}

function later() {
  timer ||= window.setTimeout(() => {
    timer = 0;
    void send();
  }, waitBefore(failures++));
}

async function attempt(command: Command) {
  busy.add(command.lane);
  try {
    const answer = await api.send(command.method, command.path, command.body, AbortSignal.timeout(PATIENCE_MS));
    failures = 0;
    away.set(false);
    await forget(command);
    if (!tell(command.id, { state: "done", answer })) (await queueRoom())?.done(command, answer);
  } catch (error) {
    await failed(command, error);
  } finally {
    busy.delete(command.lane);
    pump();
  }
}

const BROKEN_TRIES = 3;

/** Whether another try may succeed. Nothing is known about what the server did, so it is the same command again. */
function passes(error: unknown, tries: number): boolean {
  if (!(error instanceof Problem)) return true;
  return error.status === 0 || error.status === 401 || error.status === 429 || error.status > 500 || (error.status === 500 && tries < BROKEN_TRIES);
}

async function failed(command: Command, error: unknown) {
  if (passes(error, command.tries)) {
    const again = { ...command, tries: command.tries + 1 };
    replace(again);
    await keep(again);
    away.set(true);
    if (error instanceof Problem && error.status === 401) stopped = true; // until somebody has signed in
    else later();
    return void tell(command.id, { state: "waiting" });
  }
  const problem = error as Problem;
  away.set(false);
  if (problem.meanwhile) {
    const held = { ...command, held: problem.meanwhile };
    replace(held);
    await keep(held);
    (await queueRoom())?.overtaken(held, problem.meanwhile);
    return void tell(command.id, { state: "waiting" });
  }
  await forget(command);
  if (!tell(command.id, { state: "refused", error: problem })) (await queueRoom())?.refused(command, problem);
}
