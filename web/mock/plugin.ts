import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { agents, contacts, conversations, inboxes, message, messages, teams } from "./world";

type Call = { method: string; url: URL; body: Record<string, unknown>; match: string[]; response: ServerResponse };
type Handler = (call: Call) => unknown;
let signedIn = true;
let outgoing: unknown[] = [];
const clients = new Set<ServerResponse>();
const drafts = new Map<string, unknown>();
const list = (items: unknown[]) => ({ items, next_cursor: null });
const me = () => ({ agent: agents[0], workspace: { id: 1, name: "Miska" }, permissions: ["message.reply", "conversation.status", "conversation.delete", "inbox.manage", "agent.manage", "team.manage", "key.manage", "health.read"], demo: true, version: "0.1.0" });
const inView = (view: string) => (c: (typeof conversations)[number]) =>
  view === "closed" ? c.status === "closed" : view === "waiting" ? c.status === "pending" : view === "snoozed" ? c.snoozed_until : c.status === "open" && !c.snoozed_until && (view === "mine" ? c.assignee_id === 1 : view === "unassigned" ? !c.assignee_id : view.startsWith("team:") ? c.team_id === Number(view.slice(5)) : view.startsWith("inbox:") ? c.inbox_id === Number(view.slice(6)) : view === "all_open");
const find = (id: string | undefined) => conversations.find((c) => c.id === Number(id));
function say(frame: object) {
  for (const client of clients) client.write(`data: ${JSON.stringify({ cursor: String(Date.now()), ...frame })}\n\n`);
}
const event = (kind: string, id: number) => say({ type: "event", seq: Date.now(), kind, conversation_id: id, contact_id: null, actor: { kind: "agent", id: 2 }, at: new Date().toISOString(), data: {} });
const views = () => [
  ...["mine", "unassigned", "all_open", "waiting", "snoozed", "closed", "spam"].map((key) => ({ key, group: "standard", name: key })),
  ...teams.map((team) => ({ key: `team:${team.id}`, group: "team", name: team.name })), ...inboxes.map((inbox) => ({ key: `inbox:${inbox.id}`, group: "inbox", name: inbox.name })),
].map((view) => ({ ...view, count: conversations.filter(inView(view.key)).length, more: false, unread: 0 }));

function page(url: URL) {
  const q = url.searchParams.get("q")?.toLowerCase();
  const view = url.searchParams.get("view");
  const all = conversations.filter((c) => (q ? `${c.subject} ${c.contact.name}`.toLowerCase().includes(q) : view ? inView(view)(c) : true));
  const from = Number(url.searchParams.get("cursor") ?? 0);
  return { items: all.slice(from, from + 50), next_cursor: from + 50 < all.length ? String(from + 50) : null };
}
function post({ match, body }: Call) {
  const conversation = find(match[1])!;
  const all = messages.get(conversation.id)!;
  if (body["seen_position"] !== undefined && Number(body["seen_position"]) < all.at(-1)!.position) return { status: 409, problem: { type: "https://rapport.example/problems/unseen", title: "Unseen", detail: "Something new has come in.", status: 409 } };
  const created = message(conversation.id, all.at(-1)!.position + 1, body["kind"] as "reply", { id: 1, name: agents[0]!.name, address: agents[0]!.email }, String(body["text"]), 0);
  Object.assign(created, { client_id: body["client_id"], to: body["to"] ?? [], cc: body["cc"] ?? [], html: body["html"] ?? null });
  if (created.kind === "reply") created.delivery = { state: "held", reason: "", until: new Date(Date.now() + 10_000).toISOString() };
  all.push(created);
  outgoing = [{ id: created.id, at: created.created_at, from: "hello@miska.example", to: [conversation.contact.address], subject: `Re: ${conversation.subject}`, text: created.text, html: `<p>${created.text}</p>`, raw_url: "#" }, ...outgoing];
  setTimeout(() => { if (created.delivery?.state === "held") created.delivery.state = "sent"; event("message.delivery", conversation.id); }, 10_000);
  return created;
}
const mails = [["jieun.choi@haru-mail.example", "사료 교환 문의드립니다", "Broken character set: says euc-kr, is not", 18_000], ["biuro@schronisko-lapa.example", "Faktura za październik", "Attachment too deep: mail in mail, 12 levels", 6_200_000], ["no-reply@parcels.example", "Your parcel is on its way", "Loop suspected: same text 40 times in 1 h", 4000]].map(([from, subject, reason, size], n) => ({ id: n + 1, received_at: new Date(Date.now() - (n + 1) * 3e6).toISOString(), inbox_id: 1, inbox: "hello", state: "quarantined", reason, from, subject, size, conversation_id: null, attempts: n + 1 }));

const routes: [string, RegExp, Handler][] = [
  ["GET", /^\/me$/, () => (signedIn ? me() : { status: 401, problem: { title: "Signed out", detail: "Please sign in." } })],
  ["POST", /^\/session$/, ({ body }) => (body["password"] === "wrong" ? { status: 401, problem: { detail: "Address and password do not match." } } : ((signedIn = true), me()))],
  ["DELETE", /^\/session$/, () => void (signedIn = false)],
  ["GET", /^\/setup$/, () => ({ needed: true, token_valid: true })], ["GET", /^\/invitations\/(.+)$/, () => ({ workspace: "Miska", email: "new@miska.example", name: "" })],
  ["PATCH", /^\/me$/, ({ body }) => (Object.assign(agents[0]!, body), me())], ["GET", /^\/agents$/, () => list(agents)], ["GET", /^\/teams$/, () => list(teams)], ["GET", /^\/inboxes$/, () => list(inboxes)],
  ["POST", /^\/me\/totp$/, () => ({ secret: "JBSWY3DPEHPK3PXP", uri: "otpauth://totp/Rapport:hanna@miska.example?secret=JBSWY3DPEHPK3PXP&issuer=Rapport" })],
  ["GET", /^\/agents\/(\d+)\/open-work$/, () => ({ conversations: 5 })], ["POST", /^\/agents$/, ({ body }) => ({ agent: { ...agents[3], id: 99, ...body }, invitation_url: "https://miska.example/invitations/4fk2", mailed: true })],
  ["GET", /^\/sessions$/, () => list([{ id: 1, created_at: new Date().toISOString(), last_seen_at: new Date().toISOString(), ip: "192.0.2.7", user_agent: "Mozilla/5.0 (X11; Linux) Chrome/140", current: true }])],
  ["GET", /^\/api-keys$/, () => list([])], ["POST", /^\/api-keys$/, () => ({ key: {}, token: "rap_k3yk3yk3yk3yk3yk3yk3y" })],
  ["POST", /^\/inboxes\/test$/, () => ({ checks: [{ name: "imap", state: "ok", message: "Signed in; INBOX has 1,284 messages." }, { name: "smtp", state: "failed", message: "The server refuses the password.", hint: "Many providers want an app password here." }] })],
  ["GET", /^\/views$/, () => list(views())], ["GET", /^\/tags$/, () => list(["digestion", "address", "pause", "invoice", "delivery", "puppy"].map((name) => ({ name, count: 1 })))],
  ["GET", /^\/conversations$/, ({ url }) => page(url)], ["GET", /^\/conversations\/(\d+)$/, ({ match }) => find(match[1]) ?? { status: 404, problem: { detail: "No such conversation." } }],
  ["GET", /^\/conversations\/(\d+)\/messages$/, ({ match }) => list(messages.get(Number(match[1])) ?? [])], ["POST", /^\/conversations\/(\d+)\/messages$/, post],
  ["DELETE", /^\/conversations\/(\d+)\/messages\/(\d+)\/hold$/, ({ match }) => { const m = messages.get(Number(match[1]))!.find((each) => each.id === Number(match[2]))!; m.delivery!.state = "cancelled"; return {}; }],
  ["GET", /^\/conversations\/(\d+)\/history$/, ({ match }) => list(match[1] === "101" ? [{ seq: 1, at: new Date(Date.now() - 2500 * 6e4).toISOString(), kind: "conversation.teamed", actor: { kind: "agent", id: 2, name: "Marek Nowak" }, data: { team_id: 3 } }, { seq: 2, at: new Date(Date.now() - 2400 * 6e4).toISOString(), kind: "conversation.tagged", actor: { kind: "agent", id: 2, name: "Marek Nowak" }, data: { tags: ["lot L-2231"] } }, { seq: 3, at: new Date(Date.now() - 2300 * 6e4).toISOString(), kind: "conversation.assigned", actor: { kind: "agent", id: 1, name: "Hanna Zielińska" }, data: { assignee_id: 1 } }] : [])],
  ["GET", /^\/conversations\/(\d+)\/drafts\/(\w+)$/, ({ match }) => drafts.get(match[0]!) ?? { status: 404, problem: {} }],
  ["PUT", /^\/conversations\/(\d+)\/drafts\/(\w+)$/, ({ match, body }) => void drafts.set(match[0]!, { ...body, updated_at: new Date().toISOString(), version: 1 })], ["DELETE", /^\/conversations\/(\d+)\/drafts\/(\w+)$/, ({ match }) => void drafts.delete(match[0]!)],
  ["PUT", /^\/conversations\/(\d+)\/presence$/, ({ match }) => { if (match[1] === "101") setTimeout(() => { say({ type: "presence", conversation_id: 101, agents: [{ id: 2, state: "replying" }, { id: 5, state: "viewing" }] }); say({ type: "presence", conversation_id: 102, agents: [{ id: 5, state: "viewing" }] }); }, 300); }],
  ["PUT", /^\/conversations\/(\d+)\/(\w+)$/, ({ match, body }) => { const c = find(match[1])!; if (match[2] === "read") Object.assign(c, { unread: false, read_position: body["position"] }); else Object.assign(c, body, { version: c.version + 1 }); return c; }],
  ["GET", /^\/search$/, ({ url }) => ({ conversations: page(url).items.slice(0, 8), contacts: contacts.filter((c) => c.name.toLowerCase().includes((url.searchParams.get("q") ?? "").toLowerCase())).slice(0, 5) })],
  ["GET", /^\/contacts$/, ({ url }) => list(contacts.filter((c) => c.name.toLowerCase().includes((url.searchParams.get("q") ?? "").toLowerCase())).slice(0, 50))],
  ["GET", /^\/contacts\/(\d+)$/, ({ match }) => contacts.find((c) => c.id === Number(match[1]))], ["PATCH", /^\/contacts\/(\d+)$/, ({ match, body }) => Object.assign(contacts.find((c) => c.id === Number(match[1]))!, body)],
  ["GET", /^\/contacts\/(\d+)\/conversations$/, ({ match }) => list(match[1] === "101" ? conversations.filter((c) => [101, 108, 111].includes(c.id)) : conversations.filter((c) => c.contact_id === Number(match[1])))],
  ["GET", /^\/health$/, () => ({ checks: [["database", "ok", "Database", "4.1 GB, SQLite"], ["mailboxes", "warning", "Mailboxes", "2 of 3 connected; vets@miska.example refuses the password"], ["quarantine", "warning", "Quarantine", "3 mails wait, oldest 2 h 10 min"], ["jobs", "ok", "Jobs", "None waits longer than 4 s"], ["outbox", "ok", "Going out", "2 waiting"], ["disk", "ok", "Disk", "61 GB free of 80"], ["readers", "ok", "Readers", "0.4 s behind"], ["cookies", "ok", "Cookies", "Secure"]].map(([key, state, title, text]) => ({ key, state, title, message: text })), version: "0.1.0", started_at: new Date(Date.now() - 2e9).toISOString(), counters: { accepted: 61, applied: 58, rejected: 0, quarantined: 3, in_flight: 0 } })],
  ["GET", /^\/mails$/, () => list(mails)], ["GET", /^\/jobs$/, ({ url }) => list(url.searchParams.get("state") === "dead" ? [{ id: 1, kind: "email.send", state: "dead", attempt: 5, max_attempts: 5, run_at: new Date().toISOString(), last_error: "503 Service unavailable", created_at: new Date().toISOString(), subject: "#4790" }] : [])],
  ["GET", /^\/parked$/, () => list([])], ["GET", /^\/outbox$/, () => list(outgoing)], ["POST", /^\/attachments$/, () => ({ id: Date.now(), name: "photo.png", content_type: "image/png", size: 12_345, url: "/icon.svg" })],
];

async function answer(request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url!, "http://mock");
  if (url.pathname === "/live") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    clients.add(response);
    request.on("close", () => clients.delete(response));
    return void response.write(`data: {"type":"hello","cursor":"1"}\n\n`);
  }
  if (url.pathname === "/_arrive") {
    const c = conversations[Number(url.searchParams.get("n") ?? 12)]!;
    Object.assign(c, { assignee_id: 1, unread: true, last_activity_at: new Date().toISOString() });
    messages.get(c.id)!.push(message(c.id, messages.get(c.id)!.length + 1, "inbound", { ...c.contact }, "One more thing, please ring me.", 0));
    event("message.received", c.id);
    return void response.end("ok");
  }
  const html = /^\/conversations\/(\d+)\/messages\/(\d+)\/html$/.exec(url.pathname);
  if (html) return void response.setHeader("Content-Type", "text/html; charset=utf-8").end(`<!doctype html><html><body>${messages.get(Number(html[1]))!.find((m) => m.id === Number(html[2]))!.html}</body></html>`);
  if (url.pathname.endsWith("/source")) return void response.end("From: Ewa Marsh <ewa@harbour.example>\r\nSubject: Burek\r\n\r\nGood morning");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const body = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
  for (const [method, path, handler] of routes) {
    const match = path.exec(url.pathname);
    if (!match || method !== request.method) continue;
    const result = handler({ method, url, body, match: [...match], response }) as { status?: unknown; problem?: object } | undefined;
    if (result?.problem) return void response.writeHead(Number(result.status), { "Content-Type": "application/problem+json" }).end(JSON.stringify(result.problem));
    if (result === undefined) return void response.writeHead(204).end();
    return void response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(result));
  }
  response.writeHead(404, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ detail: `mock: nothing at ${request.method} ${url.pathname}` }));
}

export function mock(): Plugin {
  return {
    configurePreviewServer: (server) => { server.httpServer?.on("upgrade", (request, socket) => request.url?.startsWith("/api/") && socket.destroy()); server.middlewares.use("/api/v1", (request, response) => void answer(request, response)); },
    name: "mock", apply: "serve", configureServer: (server) => { server.httpServer?.on("upgrade", (request, socket) => request.url?.startsWith("/api/") && socket.destroy()); server.middlewares.use("/api/v1", (request, response) => void answer(request, response)); } };
}
