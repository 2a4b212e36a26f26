import { useEffect } from "react";
import { memory } from "../app/memory";
import { onNotification, openConversation, useUnseen } from "../notification/unseen";
import { play } from "./sound";

const title = document.title;
const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
const plainIcon = icon?.getAttribute("href") ?? "";

/** The title with how much is unseen. More than 99 is much. */
export function titled(name: string, unseen: number): string {
  return unseen > 0 ? `(${unseen > 99 ? "99+" : unseen}) ${name}` : name;
}

/** How much is unseen stands in the title, as a dot on the icon of the tab, and on the icon of the installed application. */
export function useCount() {
  const unseen = useUnseen();
  const some = unseen > 0;
  useEffect(() => {
    document.title = titled(title, unseen);
    const badge = some ? navigator.setAppBadge?.(unseen) : navigator.clearAppBadge?.();
    badge?.catch(() => {});
  }, [unseen, some]);
  useEffect(() => {
    icon?.setAttribute("href", some ? "/icon-unseen.svg" : plainIcon);
  }, [some]);
}

const leads = memory(false);
const TELL_MS = 150;

/** Only one of several tabs is heard, and none of what somebody has on screen in any of them. */
export function useSounds() {
  useEffect(() => {
    const ended = new AbortController();
    const lock = navigator.locks?.request("rapport.sound", { signal: ended.signal }, () => {
      leads.set(true);
      return new Promise<void>((resolve) => ended.signal.addEventListener("abort", () => resolve()));
    });
    lock?.catch(() => {});
    const tabs = new BroadcastChannel("rapport.sound");
    const looked = new Set<number>();
    tabs.onmessage = ({ data }: MessageEvent<number>) => void looked.add(data);
    const forget = onNotification(({ id, conversation_id, sound }) => {
      const onScreen = document.hasFocus() && openConversation(window.location.pathname) === conversation_id;
      if (onScreen) tabs.postMessage(id);
      if (sound && leads.get() && !onScreen) window.setTimeout(() => !looked.delete(id) && play(), TELL_MS);
    });
    return () => {
      forget();
      tabs.close();
      ended.abort();
      leads.set(false);
    };
  }, []);
}
