import { describe, expect, it } from "vitest";
import { browser, ownTime, pass, seeded, type Browser, type Tab } from "./world";

ownTime();
const at = <T>(list: readonly T[], chance: number): T => list[Math.floor(chance * list.length)]!;

/** Everything said is with the server once and in order; every tab shows what the server has. */
function agree(world: Browser, said: string[]) {
  const { server } = world;
  for (const [id, line] of server.messages) {
    const mine = line.filter((each) => each.client_id !== null);
    expect(mine.map((each) => each.client_id)).toEqual([...mine.map((each) => each.client_id!)].sort());
    for (const tab of world.tabs) {
      if (tab.dead || !tab.session.line(id).ready) continue;
      expect(tab.session.line(id).items.map((each) => each.position)).toEqual(server.visible(id).map((each) => each.position));
    }
  }
  expect([...server.messages.values()].flat().filter((each) => each.client_id).map((each) => each.text).sort()).toEqual([...said].sort());
  for (const tab of world.tabs) if (!tab.dead) expect(tab.session.state.unsent).toEqual([]);
  expect(Array.from({ length: world.store.length }, (_, n) => world.store.key(n)).filter((key) => key?.includes(":out:"))).toEqual([]);
}

describe.each([[true, "tabs that share a connection"], [false, "tabs that know nothing of each other"]] as const)("%s: %s", (shared: boolean, _: string) => {
  it.each(Array.from({ length: process.env["PROVE"] ? 1000 : 30 }, (_, n) => [n + 1]))("loses nothing and repeats nothing, seed %d", async (seed) => {
    const world = browser(seed, shared);
    const { server } = world;
    const chance = seeded(seed * 7919);
    const said: string[] = [];
    const first = world.open();
    void first.session.start();
    first.session.say("new:1", (said.push("0"), "0"));
    await pass(3000);
    const id = [...server.messages.keys()][0] as number;
    server.trouble = 0.35;
    for (let step = 0; step < 60; step++) {
      const alive = world.tabs.filter((tab) => !tab.dead);
      const what = chance();
      if (what < 0.35) {
        const text = `${said.length}`;
        said.push(text);
        at(alive, chance()).session.say(id, text);
      } else if (what < 0.7) server.add(id, "agent", `answer ${step}`);
      else if (what < 0.85) server.drop();
      else if (what < 0.92 || alive.length < 2) await openTab(world.open(), id);
      else at(alive, chance()).die();
      await pass(chance() * 1500);
      if (chance() < 0.3) at(world.tabs, chance()).session.wake(chance() < 0.5);
    }
    server.trouble = 0;
    server.drop();
    await pass(120_000);
    for (const tab of world.tabs) if (!tab.dead) tab.session.wake();
    await pass(120_000);
    agree(world, said);
    if (shared) expect(server.sockets.size).toBe(1);
    for (const tab of world.tabs) tab.die();
  });
});

async function openTab(tab: Tab, id: number) {
  void tab.session.start();
  await pass(200);
  void tab.session.open(id);
}

describe("a session", () => {
  it("keeps nothing in the browser before the first word", async () => {
    const world = browser(1);
    const { session } = world.open();
    await session.start();
    await pass(5000);
    expect(world.store.length).toBe(0);
    expect(world.server.sockets.size).toBe(0);
    session.say("new:1", "Hello");
    expect(world.store.length).toBe(2);
  });

  it("sends again under the same name when the answer was lost", async () => {
    const world = browser(2);
    const { server } = world;
    const { session } = world.open();
    session.say("new:1", "Hello");
    await pass(2000);
    const carry = server.answer.bind(server);
    let lost = 0;
    server.answer = async (...request) => {
      const answer = await carry(...request);
      if (request[1] === "messages" && lost++ < 3) throw new TypeError("network");
      return answer;
    };
    const id = [...server.messages.keys()][0] as number;
    server.sockets.clear(); // nor does the connection tell
    session.say(id, "Once");
    await pass(60_000);
    expect(lost).toBeGreaterThan(2);
    expect(server.visible(id).map((each) => each.text)).toEqual(["Hello", "Once"]);
  });

  it("puts all words said before the first answer in one conversation, in order", async () => {
    const world = browser(3);
    const { session } = world.open();
    for (const text of ["one", "two", "three"]) session.say("new:1", text);
    await pass(10_000);
    expect([...world.server.messages.values()].map((line) => line.filter((each) => !each.hidden).map((each) => each.text))).toEqual([["one", "two", "three"]]);
  });

  it("takes up after a reload what was not sent before", async () => {
    const world = browser(4);
    world.server.trouble = 1;
    const before = world.open();
    before.session.say("new:1", "Are you there?");
    await pass(5000);
    before.die();
    world.server.trouble = 0;
    const after = world.open();
    await after.session.start();
    await pass(30_000);
    agree(world, ["Are you there?"]);
  });

  it("begins anew when the server knows it no more, and keeps the words", async () => {
    const world = browser(5);
    const { session } = world.open();
    session.say("new:1", "Hello");
    await pass(5000);
    world.server.tokens.clear();
    session.say([...world.server.messages.keys()][0] as number, "Do you still know me?");
    await pass(30_000);
    expect(session.state).toMatchObject({ phase: "new", rescued: "Do you still know me?", conversations: [], unsent: [] });
    expect(world.store.length).toBe(0);
    session.say("new:2", "Do you still know me?");
    await pass(10_000);
    expect(session.state.phase).toBe("ready");
    expect(world.server.tokens.size).toBe(1);
  });

  it("lets a refused message wait for a person, and the next one pass", async () => {
    const world = browser(6);
    const { server } = world;
    const { session } = world.open();
    session.say("new:1", "Hello");
    await pass(5000);
    const id = [...server.messages.keys()][0] as number;
    const carry = server.answer.bind(server);
    server.answer = async (...request) => (request[3]["text"] === "bad" ? new Response('{"detail":"Too long."}', { status: 422 }) : carry(...request));
    session.say(id, "bad");
    session.say(id, "good");
    await pass(10_000);
    expect(session.state.unsent).toMatchObject([{ text: "bad", refused: "Too long." }]);
    expect(server.visible(id).map((each) => each.text)).toEqual(["Hello", "good"]);
    server.answer = carry;
    session.retry(session.state.unsent[0]!.client_id);
    await pass(10_000);
    expect(session.state.unsent).toEqual([]);
  });

  it("elects another leader when the first is gone, or sleeps and does not answer", async () => {
    const world = browser(7);
    const [one, two] = [world.open(), world.open()];
    one.session.say("new:1", "Hello");
    await pass(5000);
    void two.session.start();
    await pass(2000);
    expect([one.session.tabs.leading, two.session.tabs.leading]).toEqual([true, false]);
    one.channel!.onmessage = null; // asleep: it holds the lock and hears nothing
    two.session.wake();
    await pass(10_000);
    expect([one.session.tabs.leading, two.session.tabs.leading]).toEqual([false, true]);
    expect(world.server.sockets.size).toBe(1);
    two.die();
    await pass(10_000);
    expect(world.server.sockets.size).toBe(1);
    expect(one.session.tabs.leading).toBe(true);
  });

  it("marks as seen only forward, and counts what is new", async () => {
    const world = browser(8);
    const { session } = world.open();
    session.say("new:1", "Hello");
    await pass(5000);
    const id = [...world.server.messages.keys()][0] as number;
    world.server.add(id, "agent", "Hi");
    world.server.add(id, "agent", "How are you?");
    await pass(3000);
    expect(session.unread).toBe(2);
    session.saw(id);
    expect(session.unread).toBe(0);
  });
});

it("shows an answer that was held while it was away, though newer words came first", async () => {
  const world = browser(9);
  const { server } = world;
  const { session } = world.open();
  session.say("new:1", "Hello");
  await pass(5000);
  const id = [...server.messages.keys()][0] as number;
  for (const socket of [...server.sockets]) socket.break();
  const held = server.add(id, "agent", "Held");
  held.hidden = true;
  session.say(id, "Still here");
  await pass(30_000);
  for (const socket of [...server.sockets]) socket.break();
  held.hidden = false;
  await pass(30_000);
  expect(session.line(id).items.map((each) => each.text)).toEqual(["Hello", "Held", "Still here"]);
});

it("shows an answer that was scheduled long ago, however much was said meanwhile", async () => {
  const world = browser(11);
  const { server } = world;
  const { session } = world.open();
  session.say("new:1", "Hello");
  await pass(5000);
  const id = [...server.messages.keys()][0] as number;
  for (const socket of [...server.sockets]) socket.break();
  const scheduled = server.add(id, "agent", "Scheduled");
  scheduled.hidden = true;
  await pass(30_000);
  for (let n = 0; n < 90; n++) server.add(id, "agent", `Line ${n}`);
  await pass(30_000);
  for (const socket of [...server.sockets]) socket.break();
  Object.assign(scheduled, { hidden: false, late: true });
  await pass(30_000);
  expect(session.line(id).items.slice(0, 3).map((each) => each.text)).toEqual(["Hello", "Scheduled", "Line 0"]);
});

it("does not take the end of the old token for its own when it proves who it is", async () => {
  const world = browser(10);
  const { server } = world;
  const { session } = world.open();
  session.say("new:1", "Hello");
  await pass(5000);
  const carry = server.answer.bind(server);
  server.answer = async (method, path, token, body) => {
    if (path !== "identity") return carry(method, path, token, body);
    await null;
    server.tokens.clear();
    server.tokens.add("rav_proven");
    for (const socket of [...server.sockets]) socket.onclose?.({ code: 4401 } as CloseEvent);
    await pass(0);
    return new Response('{"token":"rav_proven","visitor":{"id":1,"name":"Ewa","email":"","known":true}}', { status: 200 });
  };
  session.say([...server.messages.keys()][0] as number, "It is me");
  void session.identify("proof");
  await pass(30_000);
  expect(session.state).toMatchObject({ phase: "ready", rescued: "", unsent: [] });
  expect(session.api.token).toBe("rav_proven");
  expect(server.sockets.size).toBe(1);
});
