// What the page around, the browser or its storage may do to a session, and must not do.
import { expect, it, vi } from "vitest";
import { Api, Refused } from "../src/core/api";
import { Keep } from "../src/core/keep";
import { Session } from "../src/core/session";
import { Tabs, type Locks } from "../src/core/tabs";
import { chooseLanguage } from "../src/language";
import { browser, ownTime, pass, site, type Browser } from "./world";

ownTime();

/** A session of a browser that shares nothing with other tabs because it may not. */
function refusing(world: Browser, storage: Storage | null, tabs: (...heard: ConstructorParameters<typeof Tabs> extends [string, infer A, infer B, ...unknown[]] ? [A, B] : never) => Tabs) {
  const api = new Api("http://support.test", "st_test");
  api.send = (async (method: string, path: string, body?: Record<string, unknown>) => {
    const answer = await world.server.answer(method, path, api.token, body ?? {});
    if (!answer.ok) throw new Refused(answer.status, "", 0, api.token);
    return answer.status === 204 ? null : await answer.json();
  }) as typeof api.send;
  return new Session({ api, keep: new Keep("st_test", storage), key: "st_test", site, language: "en", identity: undefined, emit: () => {}, tabs });
}

it("goes on alone where the browser refuses locks and channels", async () => {
  const world = browser(1);
  let asked = 0;
  const locks: Locks = { request: () => (asked++, Promise.reject(new DOMException("denied", "SecurityError"))) };
  const session = refusing(world, null, (note, lead) => new Tabs("rapport", note, lead, locks, () => ({ onmessage: null, postMessage: () => {}, close: () => {} })));
  session.say("new:1", "Hello");
  await pass(5000);
  expect(session.state.unsent).toEqual([]);
  expect(world.server.sockets.size).toBe(1);
  expect(asked).toBeLessThan(10);
  session.stop();
  const channels = refusing(world, null, (note, lead) => new Tabs("rapport", note, lead, locks, () => {
    throw new DOMException("denied", "SecurityError");
  }));
  channels.say("new:2", "Hello again");
  await pass(5000);
  expect(channels.state.unsent).toEqual([]);
  channels.stop();
});

it("sends though the storage is full, or gone", async () => {
  const world = browser(2);
  const full = { length: 0, key: () => null, getItem: () => null, removeItem: () => {}, clear: () => {}, setItem: () => { throw new DOMException("full", "QuotaExceededError"); } } as Storage;
  for (const storage of [full, null]) {
    const session = refusing(world, storage, (note, lead) => new Tabs("rapport", note, lead, undefined));
    session.say(`new:${storage ? 1 : 2}`, "Hello");
    await pass(5000);
    expect(session.state).toMatchObject({ phase: "ready", unsent: [] });
    session.stop();
  }
  expect(world.server.messages.size).toBe(2);
});

it("goes on when a screen fails to draw", async () => {
  const world = browser(3);
  const { session } = world.open();
  session.subscribe(() => {
    throw new Error("a screen");
  });
  session.say("new:1", "Hello");
  for (let n = 0; n < 400; n++) await pass(20).catch((error: Error) => expect(error.message).toBe("a screen"));
  expect(session.state).toMatchObject({ phase: "ready", unsent: [] });
  expect(session.line([...world.server.messages.keys()][0] as number).ready).toBe(true);
  session.stop();
});

async function two(world: Browser) {
  const { session } = world.open();
  session.say("new:1", "One");
  await pass(3000);
  session.say("new:2", "Two");
  await pass(3000);
  const [one, another] = [...world.server.messages.keys()] as [number, number];
  return { session, one, another };
}

it("is not held up by a conversation that is no more", async () => {
  const world = browser(4);
  const { server } = world;
  const { session, one, another } = await two(world);
  server.messages.delete(one);
  const carry = server.answer.bind(server);
  server.answer = async (...request) => (request[1].startsWith(`conversations/${one}/`) ? new Response("{}", { status: 404 }) : carry(...request));
  for (const socket of server.sockets) socket.tell({ type: "reset" });
  await pass(10_000);
  expect(session.line(another).items.map((each) => each.text)).toEqual(["Two"]);
  expect([...session.state.gone]).toEqual([one]);
  expect(session.state.conversations.map(({ id }) => id)).toEqual([another]);
});

it("does not forget a conversation that began while it asked what there was", async () => {
  const world = browser(9);
  const { server } = world;
  const { session } = world.open();
  const carry = server.answer.bind(server);
  server.answer = async (...request) => {
    const answer = await carry(...request);
    if (request[1] === "me") await new Promise((done) => setTimeout(done, 4000)); // on its way for long
    return answer;
  };
  session.say("new:1", "One");
  await pass(20_000);
  void session.sync();
  await pass(700); // carried out, on its way back
  session.say("new:2", "Two");
  await pass(1500);
  expect(session.state.conversations).toHaveLength(2);
  await pass(3000); // an answer from before the second
  expect(session.state.conversations).toHaveLength(2);
});

it("asks again for a conversation that did not load", async () => {
  const world = browser(5);
  const { server } = world;
  const { one } = await two(world);
  const late = world.open();
  void late.session.start();
  await pass(3000);
  const carry = server.answer.bind(server);
  server.answer = () => Promise.reject(new TypeError("network"));
  await Promise.all([late.session.open(one), pass(3000)]);
  expect(late.session.line(one).ready).toBe(false);
  server.answer = carry;
  await pass(60_000);
  expect(late.session.line(one).items.map((each) => each.text)).toEqual(["One"]);
});

it("keeps nothing of what arrives after it was shut down", async () => {
  const world = browser(6);
  const { session } = world.open();
  session.say("new:1", "Hello");
  await pass(1); // the visitor is being made
  await session.leave();
  await pass(10_000);
  expect(world.store.length).toBe(0);
  expect(world.server.sockets.size).toBe(0);
});

it("asks the server whether an answer that was let go late is news", async () => {
  const world = browser(7);
  const { server } = world;
  const { session } = world.open();
  session.say("new:1", "Hello");
  await pass(5000);
  const id = [...server.messages.keys()][0] as number;
  const held = server.add(id, "agent", "Held");
  held.hidden = true;
  session.line(id);
  session.say(id, "Still here");
  await pass(5000);
  const carry = server.answer.bind(server);
  const asked: string[] = [];
  server.answer = (...request) => (asked.push(request[1]), carry(...request));
  held.hidden = false;
  for (const socket of server.sockets) socket.tell({ type: "message", message: { ...held, id: 9999, position: held.position } });
  await pass(3000);
  expect(asked).toContain("me");
});

it("asks when nothing was heard for a minute, and not more often", async () => {
  const world = browser(8);
  const { server } = world;
  const { session } = world.open();
  session.say("new:1", "Hello");
  await pass(5000);
  const id = [...server.messages.keys()][0] as number;
  server.sockets.clear(); // dead, and nobody says so
  server.add(id, "agent", "Are you there?");
  for (let n = 0; n < 4; n++) {
    session.check();
    await pass(10_000);
  }
  expect(session.line(id).items.at(-1)!.text).toBe("Hello");
  await pass(60_000);
  session.check();
  await pass(5000);
  expect(session.line(id).items.at(-1)!.text).toBe("Are you there?");
});

it("takes an upload's answer that is none of ours for a failure", async () => {
  class Request {
    upload = {};
    status = 200;
    responseText = "<html>a proxy</html>";
    onload = () => {};
    open() {}
    setRequestHeader() {}
    getResponseHeader = () => null;
    send = () => void setTimeout(() => this.onload(), 10);
  }
  vi.stubGlobal("XMLHttpRequest", Request);
  const { done } = new Api("http://support.test", "st_test").upload(new File(["x"], "x.txt"), () => {});
  const refused = done.catch((error: Refused) => error);
  await pass(100);
  expect(await refused).toMatchObject({ status: 0, passing: true });
  vi.unstubAllGlobals();
});

it("speaks the workspace's language to who speaks none of ours", () => {
  const from = (language: string, fallback_language: string, ...browser: string[]) => chooseLanguage(undefined, { language, fallback_language }, browser);
  expect(from("auto", "pl", "de-DE", "fr")).toBe("pl");
  expect(from("auto", "pl", "de", "ko-KR")).toBe("ko");
  expect(from("ar", "pl", "ko")).toBe("ar");
  expect(from("auto", "de", "de")).toBe("en");
  expect(chooseLanguage("en", { language: "ar", fallback_language: "pl" }, ["ko"])).toBe("en");
  expect(chooseLanguage(undefined, { language: "auto" }, ["de"])).toBe("en");
});
