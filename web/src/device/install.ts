import { memory } from "../app/memory";

/** What a browser says that would install the application. It is kept until the person wants it: nothing asks by itself. */
type Offer = Event & { prompt: () => Promise<unknown> };

export const installOffer = memory<Offer | null>(null);

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installOffer.set(event as Offer);
});
window.addEventListener("appinstalled", () => installOffer.set(null));

export async function install(): Promise<void> {
  const offer = installOffer.get();
  installOffer.set(null); // it can be used once
  await offer?.prompt();
}

export type InstallState = "installed" | "offered" | "ios" | "menu" | "insecure";

/** How the application gets onto this device, or that it is there. */
export function installState(offer: Offer | null): InstallState {
  if (window.matchMedia("(display-mode: standalone)").matches) return "installed";
  if (!window.isSecureContext) return "insecure";
  if (offer) return "offered";
  const isApple = /iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  return isApple ? "ios" : "menu";
}
