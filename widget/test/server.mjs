// A small server of /widget/v1 in memory, for pictures and for looking at the widget without Rapport: it follows the
// contract, knows one site, and lets a script say what the agents do. It serves the built widget and a page of a shop.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const dist = join(import.meta.dirname, "../../internal/webui/dist-widget");

export async function startServer({ port = 0, ...site } = {}) {
  const world = new World(site);
  const server = createServer((request, response) => void answer(world, request, response));
  server.on("upgrade", (request, socket) => upgrade(world, request, socket));
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  world.url = `http://127.0.0.1:${server.address().port}`;
  world.close = () => {
    for (const socket of world.sockets) socket.destroy();
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return world;
}

class World {
  down = false; // every answer is 503
  sockets = new Set();
  visitors = new Map();
  conversations = [];
  files = new Map();
  ids = 100;
  posts = [];

  constructor(site) {
    this.site = {
      name: "Miska", brand: "#0b6370", position: "end", language: "auto", greeting: {}, files: true, ask_email: true, mail: true, show_launcher: true, open: true, opens_at: null,
      closes_at: today(18), time_zone: "Europe/Warsaw", usual_reply_seconds: 341,
      team: ["Ola", "Ben", "지우"].map((name) => ({ name, photo_url: null })), ...site,
    };
  }

  visitor({ name = "", email = "", known = false } = {}) {
    const token = `rav_${randomBytes(20).toString("hex")}`;
    const visitor = { id: ++this.ids, name, email, known };
    this.visitors.set(token, visitor);
    return { token, visitor };
  }

  conversation(visitor, change = {}) {
    const made = {
      id: ++this.ids, status: "open", closed_at: null, subject: "", last: null, last_position: 0, seen_position: 0, agents_seen_position: 0, mailed_position: 0, unread: 0, promise_at: null, with: null,
      ...change, owner: visitor.id, messages: [],
    };
    this.conversations.push(made);
    return made;
  }

  /** Somebody says something. */
  say(conversation, author, text, more = {}) {
    const found = more.client_id && conversation.messages.find((each) => each.client_id === more.client_id);
    if (found) return found;
    const message = {
      id: ++this.ids, conversation_id: conversation.id, position: conversation.messages.length + 1, author: { kind: "agent", name: "", photo_url: null, ...author }, text, html: null,
      attachments: [], created_at: new Date().toISOString(), client_id: null, ...more,
    };
    conversation.messages.push(message);
    conversation.last = { author: message.author, text: text || message.attachments[0]?.name || "", created_at: message.created_at };
    conversation.last_position = message.position;
    if (message.author.kind === "agent") conversation.with = { name: message.author.name, photo_url: null };
    if (message.author.kind !== "visitor") conversation.unread++;
    else conversation.subject ||= text.slice(0, 60);
    this.tell({ type: "message", message });
    return message;
  }

  tell(frame) {
    for (const socket of this.sockets) socket.write(framed(JSON.stringify(frame)));
  }

  drop() {
    for (const socket of this.sockets) socket.destroy();
  }

  shown = ({ owner, messages, ...conversation }) => conversation;
}

const today = (hour) => new Date(new Date().setHours(hour, 0, 0, 0)).toISOString();

async function answer(world, request, response) {
  const url = new URL(request.url, world.url);
  const { pathname } = url;
  const file = (type, body, headers = {}) => response.writeHead(200, { "Content-Type": type, "Access-Control-Allow-Origin": "*", ...headers }).end(body);
  if (pathname === "/") return file("text/html; charset=utf-8", world.page ?? shop(url.searchParams.get("site") ?? "st_demo"), { "Content-Security-Policy": policy(world.url) });
  if (pathname === "/favicon.ico") return response.writeHead(204).end();
  if (pathname === "/shop.css") return file("text/css", readFileSync(join(import.meta.dirname, "shop.css")));
  if (pathname === "/widget.js" || /^\/widget\/[\w-]+\.js$/.test(pathname)) return file("text/javascript; charset=utf-8", readFileSync(join(dist, pathname)));
  if (pathname.startsWith("/files/")) return file("image/png", world.files.get(pathname.slice(7)));
  if (!pathname.startsWith("/widget/v1/")) return response.writeHead(404).end();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const reply = (status, body) => {
    response.writeHead(status, {
      "Content-Type": status < 300 ? "application/json" : "application/problem+json", "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Authorization, Content-Type",
      "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    });
    response.end(body === undefined ? "" : JSON.stringify(body));
  };
  if (request.method === "OPTIONS") return reply(204);
  if (world.down) return reply(503, { title: "Down", status: 503 });
  if (world.slow) await new Promise((done) => setTimeout(done, world.slow));
  const raw = Buffer.concat(chunks);
  const body = /json/.test(request.headers["content-type"] ?? "") && raw.length ? JSON.parse(raw.toString()) : {};
  const refused = world.refuse?.(request.method, pathname.slice(11), body);
  if (refused) return reply(refused.status, { title: "Refused", ...refused });
  return route(world, request, url, body, raw, reply);
}

function route(world, request, url, body, raw, reply) {
  const [noun, id, verb] = url.pathname.slice(11).split("/");
  const { method } = request;
  if (noun === "sites" && !verb) return reply(200, world.site);
  if (noun === "sites") return reply(201, world.visitor());
  const token = request.headers.authorization?.slice(7);
  const visitor = world.visitors.get(token);
  if (!visitor) return reply(401, { title: "Unknown", status: 401 });
  const mine = world.conversations.filter((each) => each.owner === visitor.id);
  const conversation = mine.find((each) => each.id === Number(id));
  if (noun === "me" && method === "GET") return reply(200, { visitor, conversations: [...mine].reverse().map(world.shown) });
  if (noun === "me" && method === "PATCH") return reply(200, Object.assign(visitor, body.email ? { email: body.email } : {}));
  if (noun === "me") return world.visitors.delete(token), reply(204);
  if (noun === "messages") {
    world.posts.push(body.client_id);
    const into = mine.find((each) => each.id === body.conversation_id) ?? world.conversation(visitor, { promise_at: world.site.open ? null : world.promise });
    const attachments = body.attachment_ids.map((each) => world.files.get(`meta${each}`));
    const message = world.say(into, { kind: "visitor" }, body.text, { client_id: body.client_id, attachments });
    return reply(201, { message, conversation: world.shown(into) });
  }
  if (noun === "attachments") {
    const made = { id: ++world.ids, name: /filename="([^"]*)"/.exec(raw.toString("latin1"))?.[1] ?? "file", content_type: "image/png", size: raw.length };
    world.files.set(`meta${made.id}`, { ...made, url: `${world.url}/files/${made.id}` });
    return reply(201, made);
  }
  if (!conversation) return reply(404, { title: "Not found", status: 404 });
  if (verb === "messages") {
    const [after, before, limit] = ["after", "before", "limit"].map((name) => Number(url.searchParams.get(name) ?? 0));
    const all = conversation.messages.filter((each) => each.position > after && (!before || each.position < before));
    const items = url.searchParams.has("after") ? all.slice(0, limit) : all.slice(-limit);
    return reply(200, { items, more: items.length < all.length });
  }
  if (verb === "marks") {
    if (body.seen_position) Object.assign(conversation, { seen_position: body.seen_position, unread: 0 });
    return reply(204);
  }
  return reply(verb === "transcript" ? 202 : 204);
}

/* ---- just enough of WebSocket: short text frames to the browser, nothing read from it ---- */

function upgrade(world, request, socket) {
  const token = request.headers["sec-websocket-protocol"]?.split(/,\s*/)[1];
  if (world.down || world.noSockets || !world.visitors.has(token)) return socket.destroy();
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: rapport\r\n\r\n`);
  world.sockets.add(socket);
  socket.on("close", () => world.sockets.delete(socket));
  socket.on("error", () => {});
  socket.on("data", (bytes) => (bytes[0] & 15) === 8 && socket.destroy());
  socket.write(framed('{"type":"hello"}'));
}

function framed(text) {
  const bytes = Buffer.from(text);
  const head = bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255]);
  return Buffer.concat([head, bytes]);
}

/* ---- a page of the shop, under the strictest policy that the documentation promises ---- */

export const policy = (url) =>
  `default-src 'none'; style-src ${url}/shop.css; script-src ${url}/widget.js ${url}/widget/; connect-src ${url}/widget/ ${url.replace("http", "ws")}/widget/; img-src ${url}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types rapport`;

const shop = (site) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<title>Miska</title><link rel="stylesheet" href="/shop.css"><script async src="/widget.js" data-site="${site}"></script></head>
<body><nav><b>Miska</b><a href="#r">Recipes</a><a href="#p">My plan</a><a href="#b">Basket (1)</a></nav>
<main><section><h1>Dinner, at the same time every month.</h1><p>Fresh-baked food for one dog: yours. Weighed for them, sent every four weeks, paused whenever you like.</p><a href="#b">Build a box from £38</a></section></main></body></html>`;

if (process.argv[1] === import.meta.filename) {
  const world = await startServer({ port: 8899 });
  console.log(`${world.url} shows the widget`);
}
