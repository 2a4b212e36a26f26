import { memory } from "../app/memory";
import { liveState } from "../app/live";

/** Whether a newer version than the one on screen is ready. */
export const newerVersion = memory(false);

const mine = document.querySelector<HTMLMetaElement>('meta[name="rapport-version"]')?.content ?? "";
const LOOK_MS = 30 * 60_000;
const ANSWER_MS = 5000;

let started = false;
let loading = false;

/** Keeps the application in this browser, where the address allows it, and notices when the server has another version. */
export async function keepApplication(): Promise<void> {
  if (started || !mine || !("serviceWorker" in navigator)) return;
  started = true;
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener("controllerchange", () => void takenOver());
  const registration = await serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  const ready = () => registration.waiting && serviceWorker.controller && void offer(registration.waiting);
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", ready));
  ready();
  lookNowAndThen(() => void registration.update().catch(() => {}));
}

/** The server is asked for a newer version when it has been away, for then it may have been replaced, and now and then. */
function lookNowAndThen(look: () => void) {
  let last = Date.now();
  let wasLost = false;
  const late = () => {
    if (document.hidden || Date.now() - last < LOOK_MS) return;
    last = Date.now();
    look();
  };
  window.setInterval(late, LOOK_MS);
  document.addEventListener("visibilitychange", late);
  liveState.subscribe(() => {
    const state = liveState.get();
    if (state === "open" && wasLost) look();
    wasLost = state === "lost" || (wasLost && state !== "open");
  });
}

/** A worker that waits: of the version on screen it may begin, of another the person decides. */
async function offer(worker: ServiceWorker) {
  if ((await versionOf(worker)) === mine) worker.postMessage("take over");
  else newerVersion.set(true);
}

async function takenOver() {
  if (loading) return window.location.reload();
  const worker = navigator.serviceWorker.controller;
  if (worker && (await versionOf(worker)) !== mine) newerVersion.set(true);
}

function versionOf(worker: ServiceWorker): Promise<string> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(String(event.data));
    window.setTimeout(() => resolve(""), ANSWER_MS);
    worker.postMessage("version", [port2]);
  });
}

/** Loads the newer version. Drafts are kept by whoever writes them, when the page goes. */
export async function loadNewer(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration?.waiting) return window.location.reload();
  loading = true;
  registration.waiting.postMessage("take over");
}
