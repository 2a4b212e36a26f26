// Pictures of every state of the widget, against the small server beside this file: for looking at.
import { join } from "node:path";
import { openBrowser, openPage, screenshot } from "../../e2e/harness/browser.js";
import { startServer } from "./server.mjs";

const only = process.argv.slice(2);
const browser = await openBrowser();
const ola = { name: "Ola" };
const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNowAsYRqUbKJMGAGwtRyEfJ5gGAAAAAElFTkSuQmCC", "base64");
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const now = new Date();

function story(world, words = {}) {
  const me = world.visitor({ name: words.name ?? "Tom Barlow", email: words.email ?? "tom@barlow.example", known: true });
  const c = world.conversation(me.visitor, { subject: words.subject ?? "Torn box on Thursday" });
  const say = (author, text, minutes, more) => world.say(c, author, text, { created_at: ago(minutes), ...more });
  const agent = { name: words.agent ?? "Ola" };
  const t = words.lines ?? ["The box came open and half the food is on the doormat.", "Sorry, Tom, that’s on us. A new bag ships today and arrives tomorrow.", "Brilliant. Can they leave it at number 14?", "Of course. See https://miska.example/plan/stops for all your stops.", "And no bell, please. Pickle barks."];
  say({ kind: "visitor" }, t[0], 1500);
  world.files.set("pic", png);
  if (!words.lines) say({ kind: "visitor" }, "", 1499, { attachments: [{ id: 1, name: "box.png", content_type: "image/png", size: 48_000, url: `${world.url}/files/pic` }] });
  say(agent, t[1], 1490);
  say({ kind: "visitor" }, t[2], 9);
  say(agent, t[3], 7, words.lines ? {} : { html: '<p>Of course. See <a href="https://miska.example/plan/stops">all your stops</a>:</p><ul><li>Tuesday, <b>9 to 11</b></li><li>Thursday, 14 to 16</li></ul>' });
  say({ kind: "visitor" }, t[4], 3);
  c.agents_seen_position = c.messages.length - 2;
  c.unread = 0;
  c.seen_position = c.last_position;
  return { ...me, c };
}

const kept = (page, token, visitor, more) => page.addInitScript(([t, v, m]) => localStorage.setItem("rapport:st_demo", JSON.stringify({ token: t, visitor: v, asked: true, peeked: 0, ...m })), [token, visitor, more ?? {}]);
const open = async (page) => {
  await page.locator("button[aria-label]").first().click();
  await page.locator(".w").waitFor();
};

const korean = { name: "하나", subject: "보리가 새 사료를 잘 안 먹어요", agent: "지우", lines: ["보리가 새 사료를 잘 안 먹어요. 다른 맛으로 바꿀 수 있나요?", "안녕하세요, 하나 님. 물론이죠. 다음 상자부터 바로 바꿔 드릴게요. 보리는 소형견이라 연어나 칠면조를 많이 고르세요.", "연어로 부탁드려요. 남은 오리 사료는 어떻게 하죠?", "남은 사료는 일주일 동안 조금씩 섞어 주세요. 첫날은 4분의 1만 연어로 시작하면 됩니다.", "친절하게 알려 주셔서 고맙습니다!"] };
const arabic = { name: "ليلى", subject: "متى يصل الطلب MK-20418؟", agent: "علا", lines: ["مرحبًا، متى يصل الطلب MK-20418؟", "أهلًا ليلى. خرج الطرد من المستودع هذا الصباح.", "هل يمكن تركه عند الجيران؟", "نعم، سيصلك غدًا بين 14:00 و16:00، وسيتصل بك السائق على +971 50 555 0134.", "رائع، شكرًا لكِ."] };

const states = {
  async launcher() {},
  async home(page, world) { await open(page); },
  async home_known(page, world) {
    const { token, visitor, c } = story(world);
    const second = world.conversation(visitor, { subject: "Switching to Duck & Oat", status: "closed", closed_at: ago(60 * 24 * 14) });
    world.say(second, { name: "Ben" }, "Done. Your next box is Duck & Oat.", { created_at: ago(60 * 24 * 14) });
    second.unread = 0;
    await kept(page, token, visitor);
    await page.reload();
    await open(page);
    await page.locator(".row").first().waitFor();
  },
  async home_mixed(page, world) {
    const { token, visitor } = story(world);
    const say = (subject, author, text) => {
      const c = world.conversation(visitor, { subject });
      world.say(c, author, text, { created_at: ago(60) });
      c.unread = 0;
    };
    say("متى يصل الطلب MK-20418؟", { name: "Ola" }, "نعم، سيصلك غدًا بين 14:00 و16:00، وسيتصل بك السائق على الرقم المسجل.");
    say("Where is order MK-20418?", { name: "علا" }, "It left the warehouse this morning, and the driver will call you before noon.");
    await kept(page, token, visitor);
    await page.reload();
    await open(page);
    await page.locator(".row").nth(2).waitFor();
  },
  async talk_mixed(page, world) {
    const told = story(world);
    told.c.mailed_position = world.say(told.c, { name: "علا" }, "أهلًا! يتصل بك السائق على +971 50 555 0134.").position;
    world.say(told.c, { kind: "visitor" }, "شكرًا! See you on Tuesday, 14:00.");
    await talk(page, world, told);
  },
  async peek(page, world) {
    const { token, visitor, c } = story(world);
    await kept(page, token, visitor);
    await page.reload();
    await page.waitForTimeout(600);
    world.say(c, ola, "Done. The driver’s note now says neighbour, number 14.");
    await page.locator(".peek").waitFor();
  },
  async talk(page, world) { await talk(page, world, story(world)); world.tell({ type: "typing", conversation_id: world.conversations[0].id, name: "Ola", typing: true }); await page.locator(".typing").waitFor(); },
  async talk_ko(page, world) { world.site.team = [{ name: "지우" }]; await talk(page, world, story(world, korean)); },
  async talk_ar(page, world) {
    const told = story(world, arabic);
    await talk(page, world, told);
    world.refuse = (method, path) => path === "messages" && { status: 422, detail: "" };
    await page.locator("textarea").fill("هل يمكن تغيير الموعد؟");
    await page.keyboard.press("Enter");
    await page.locator(".fail").waitFor();
    world.tell({ type: "typing", conversation_id: told.c.id, name: "علا", typing: true });
  },
  async failed(page, world) {
    await talk(page, world, story(world));
    world.refuse = (method, path) => path === "messages" && { status: 422, detail: "The file may not be sent." };
    await page.locator("textarea").fill("Could we try the senior recipe?");
    await page.keyboard.press("Enter");
    await page.locator(".fail").waitFor();
  },
  async offline(page, world) {
    await talk(page, world, story(world));
    world.down = true;
    world.drop();
    await page.locator("textarea").fill("Could we try the senior recipe?");
    await page.keyboard.press("Enter");
    await page.locator(".strip .note").waitFor();
  },
  async promise(page, world) {
    Object.assign(world.site, { open: false, closes_at: null, opens_at: next(1, 9), usual_reply_seconds: 7200 });
    world.promise = next(1, 11);
    await page.reload();
    await page.locator("button[aria-label]").first().waitFor();
    await open(page);
    await page.getByRole("button", { name: /Send us|메시지 보내기|Napisz do|أرسل/ }).click();
    await page.locator("textarea").fill("We’re moving on Tuesday. Can you send Bori’s next box to the new address?");
    await page.keyboard.press("Enter");
    await page.locator(".promise").waitFor();
  },
  async ask_email(page, world) {
    await open(page);
    await page.locator(".w-foot button").click();
    await page.locator("textarea").fill("How much should a 6 kg dog eat?");
    await page.keyboard.press("Enter");
    await page.locator(".promise").waitFor();
    await page.locator("input[type=email]").fill("tom@");
    await page.locator(".inrow button").click();
  },
  async begin(page) { await open(page); await page.locator(".w-foot button").click(); await page.locator("textarea").waitFor(); },
  async emoji(page, world) { await talk(page, world, story(world)); await page.getByRole("button", { name: "Emoji" }).click(); },
  async files(page, world) {
    await talk(page, world, story(world));
    world.slow = 1000;
    await page.locator("input[type=file]").setInputFiles([{ name: "the-torn-box-on-thursday.png", mimeType: "image/png", buffer: png }, { name: "invoice.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(2e6) }]);
    await page.locator(".chip").nth(1).waitFor();
  },
  async menu(page, world) { await talk(page, world, story(world)); await page.getByRole("button", { name: "More" }).click(); await page.getByRole("menu").waitFor(); },
  async transcript(page, world) { await talk(page, world, story(world, { email: " " })); world.visitors.values().next().value.email = ""; await page.getByRole("button", { name: "More" }).click(); await page.getByRole("menuitem").last().click(); },
  async bot(page, world) {
    const told = story(world);
    world.say(told.c, { kind: "bot", name: "Helper" }, "An adult dog of 6 kg: 95–110 g a day, in two meals. Mix it with the old food for the first week.");
    await talk(page, world, told);
  },
  async fifty(page, world) {
    const told = story(world);
    for (let n = 0; n < 60; n++) world.say(told.c, n % 3 ? ola : { kind: "visitor" }, `Message ${n}. ${"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(n % 7 === 0 ? 2 : 0)}`);
    await talk(page, world, told);
  },
  async loading(page, world) {
    const { token, visitor } = story(world);
    await kept(page, token, visitor);
    await page.reload();
    await page.locator("button[aria-label]").first().waitFor();
    await page.reload();
    await page.locator("button[aria-label]").first().waitFor();
    world.slow = 60_000;
    await open(page);
  },
  async closed(page, world) { const told = story(world); Object.assign(told.c, { status: "closed", closed_at: ago(100) }); await talk(page, world, told); },
};

async function talk(page, world, { token, visitor, c }) {
  await kept(page, token, visitor);
  await page.reload();
  await page.locator("button[aria-label]").first().waitFor();
  await page.evaluate((id) => window.Rapport.show("conversation", id), c.id);
  await page.locator(".m").first().waitFor();
  await page.waitForTimeout(300);
}

function next(weekday, hour) {
  const at = new Date(now);
  do at.setDate(at.getDate() + 1);
  while (at.getDay() !== weekday);
  return new Date(at.setHours(hour, 0, 0, 0)).toISOString();
}

const looks = {
  light: {},
  dark: { colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  "phone-dark": { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "dark" },
  ar: { locale: "ar" },
  ko: { locale: "ko-KR", timezoneId: "Asia/Seoul" },
  pl: { locale: "pl-PL" },
  forced: { forcedColors: "active" },
};
const plan = {
  light: Object.keys(states).filter((name) => !/_(ko|ar)$/.test(name)), dark: ["launcher", "home", "home_known", "talk", "promise", "failed", "peek", "bot", "ask_email"],
  phone: ["home", "home_known", "talk", "emoji", "promise", "files"], "phone-dark": ["promise", "home", "talk"], ar: ["home", "home_mixed", "talk_mixed", "talk_ar", "promise", "home_known"], ko: ["home", "talk_ko", "promise"], pl: ["home", "promise", "ask_email"], forced: ["home", "talk"],
};

for (const [look, options] of Object.entries(looks)) {
  for (const name of plan[look]) {
    if (only.length && !only.some((part) => `${name}-${look}`.includes(part))) continue;
    const world = await startServer();
    const page = await openPage(browser, world.url, { viewport: { width: 900, height: 780 }, ...options });
    try {
      await page.goto("/");
      if (look === "ar") await page.evaluate(() => (document.documentElement.dir = "rtl"));
      await page.locator("button[aria-label]").first().waitFor({ state: "attached" });
      await states[name](page, world);
      await page.waitForTimeout(250);
    } catch (error) {
      console.error(`${name}-${look}: ${error.message.split("\n")[0]}`);
    }
    console.log(await screenshot(page, `widget/${name}-${look}`), page.faults.filter((fault) => !/status of (503|422)|WebSocket|ERR_/.test(fault)).join(" | "));
    await page.context().close();
    await world.close();
  }
}
await browser.close();
