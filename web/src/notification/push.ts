import { api } from "../client/fetch";
import type { Push, PushBrowser } from "../client/nouns";

/** Whether this browser can be told while it is closed, and whether its person has let us. */
export type Readiness = "no" | "denied" | "off" | "on";

export async function readiness(): Promise<Readiness> {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "no";
  const worker = await navigator.serviceWorker.getRegistration();
  if (!worker) return "no";
  if (Notification.permission === "denied") return "denied";
  return (await worker.pushManager.getSubscription()) ? "on" : "off";
}

/** Asks the person and has this browser told. False when they do not want it. */
export async function subscribe(device: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const worker = await navigator.serviceWorker.ready;
  const { public_key } = await api.get<Push>("/push");
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: public_key });
  const { endpoint, keys } = made.toJSON();
  await api.post<PushBrowser>("/push/subscriptions", { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"], device });
  return true;
}

/** Ends it in this browser; the server forgets it when it is told, or at the next push. */
export async function unsubscribe() {
  const worker = await navigator.serviceWorker.getRegistration();
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
}
