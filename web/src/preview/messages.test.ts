import { expect, it, vi } from "vitest";

const sources = import.meta.glob<string>(
  ["../**/*.{ts,tsx}", "../../../ui/src/**/*.{ts,tsx}", "../../../widget/src/**/*.{ts,tsx}", "!**/*.test.*"],
  { query: "?raw", import: "default", eager: true },
);

const listens = /addEventListener\(\s*["'`]message["'`]|(?:window|self|globalThis|document\.defaultView)\.onmessage/;

it("SEC-38: the chat on a company's page listens to no other window, and of our pages the two ends of the settings preview alone", () => {
  expect(Object.keys(sources).filter((file) => file.includes("/widget/src/")).length).toBeGreaterThan(20);
  // Our own worker and the tabs of its origin can talk to each other and to nobody else; no other window reaches them.
  const others = Object.entries(sources).filter(([file]) => file !== "../worker/start.ts");
  const listeners = others.filter(([, text]) => listens.test(text.replaceAll("navigator.serviceWorker.addEventListener", "")));
  expect(listeners.map(([file]) => file).sort()).toEqual(["../settings/chat/parts/Preview.tsx", "./start.ts"]);
  for (const [, text] of listeners) {
    expect(text).toMatch(/event\.origin (===|!==) window\.location\.origin/);
    expect(text).toMatch(/event\.source (===|!==) /);
  }
  const tells = Object.entries(sources).filter(([, text]) => /postMessage\([^)]*["'`]\*["'`]/.test(text));
  expect(tells).toEqual([]);
});

it("SEC-38: the preview hears the settings that show it, and nobody else", async () => {
  document.body.innerHTML = '<b id="shop-name">before</b>';
  vi.spyOn(document.head, "append").mockImplementation((script) => (script as HTMLScriptElement).onload!(new Event("load")));
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  await import("./start");
  const name = () => document.getElementById("shop-name")!.textContent;
  const look = (called: string) => JSON.stringify({ site: { name: called }, theme: "dark", open: false });
  const say = async (origin: string, source: Window | null, data: unknown) => {
    window.dispatchEvent(new MessageEvent("message", { origin, source, data }));
    await new Promise((done) => setTimeout(done));
  };
  const here = window.location.origin;
  await say("https://evil.example", window.parent, look("evil"));
  await say(`${here}.evil.example`, window.parent, look("evil"));
  await say("null", window.parent, look("evil"));
  await say(here, null, look("evil"));
  await say(here, window.parent, { site: { name: "evil" } });
  expect(name()).toBe("before");
  await say(here, window.parent, look("Miska"));
  expect(name()).toBe("Miska");
  warned.mockRestore();
});
