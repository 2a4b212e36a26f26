import "./shop.css";
import type { PreviewMessage } from "./contract";
import { pretend } from "./server";
import { pretendTheme } from "./theme";

/** What the loader puts on a page. */
type Widget = { boot: (options: { site: string; language?: string }) => Promise<void>; open: () => void; close: () => void; shutdown: () => Promise<void> };
declare global {
  interface Window {
    Rapport?: Widget;
  }
}

const real = new URLSearchParams(window.location.search).get("site");
let now: PreviewMessage | undefined;
let running: Promise<void> = Promise.resolve();

function load(site?: string): Promise<void> {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "/widget.js";
    if (site) script.dataset["site"] = site;
    script.onload = () => done();
    script.onerror = failed;
    document.head.append(script);
  });
}

/** A page of a shop with the chat on it: with `?site=` the true one, else one that shows the settings it is told. */
function start() {
  if (real) return void load(real);
  const server = pretend(() => now?.site);
  pretendTheme(() => now?.theme ?? "light");
  const loaded = load();

  async function show(next: PreviewMessage) {
    await loaded;
    const before = now;
    const other = !before || JSON.stringify({ ...before, open: 0 }) !== JSON.stringify({ ...next, open: 0 });
    now = next;
    document.documentElement.dataset["theme"] = next.theme;
    document.documentElement.dir = next.language ? "rtl" : "ltr";
    document.getElementById("shop-name")!.textContent = String(next.site["name"]);
    if (other) {
      if (before) await window.Rapport?.shutdown();
      server.forget();
      await window.Rapport?.boot({ site: "st_preview", ...(next.language && { language: next.language }) });
    }
    if (next.open) window.Rapport?.open();
    else window.Rapport?.close();
  }
  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin || event.source !== window.parent || typeof event.data !== "string") return;
    const next = JSON.parse(event.data) as PreviewMessage;
    running = running.then(() => show(next)).catch(console.warn);
  });
  window.parent.postMessage("ready", window.location.origin);
}

start();
