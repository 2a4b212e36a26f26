import type { Agent, Contact, ConversationDetail, Inbox, Message, Team } from "../src/client/types";

// A small part of the demo world, for working on screens without a server. Gone when the server is there.
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const agent = (id: number, name: string, mail: string, role: Agent["role"], team: number): Agent => ({
  id, name, email: `${mail}@miska.example`, role, state: "active", photo_url: null, language: (process.env["MOCK_LANG"] ?? "en") as "en", time_zone: "Europe/Warsaw", signature: "", team_ids: [team], totp: false, last_seen_at: ago(id * 7),
});

export const agents: Agent[] = [
  agent(1, "Hanna Zielińska", "hanna", "owner", 1), agent(2, "Marek Nowak", "marek", "admin", 1), agent(3, "박지우", "jiwoo", "agent", 1), agent(4, "Tom Ellery", "tom", "agent", 2),
  agent(5, "Zofia Wrona", "zofia", "agent", 2), agent(6, "Daniel Okafor", "daniel", "agent", 3), agent(7, "김서연", "seoyeon", "agent", 3), agent(8, "Priya Nair", "priya", "light", 3),
];
export const teams: Team[] = [{ id: 1, key: "care", name: "Care", agent_ids: [1, 2, 3] }, { id: 2, key: "delivery", name: "Delivery", agent_ids: [4, 5] }, { id: 3, key: "nutrition", name: "Nutrition", agent_ids: [6, 7, 8] }];

const inbox = (id: number, key: string, name: string, address: string): Inbox => ({
  id, key, name, channel: "email", address, email: { address, smtp: { host: "smtp.miska.example", port: 465, security: "tls", username: address, has_password: true }, imap: { host: "imap.miska.example", port: 993, security: "tls", username: address, has_password: true, folder: "INBOX" } },
  reply_status: "pending", reopen_days: 14, signature: "", member_agent_ids: [3, 4, 5], member_team_ids: [1], state: id === 3 ? "trouble" : "ok", state_message: id === 3 ? "The server refuses the password." : "", last_fetch_at: ago(1),
});
export const inboxes: Inbox[] = [inbox(1, "hello", "hello@miska", "hello@miska.example"), inbox(2, "returns", "Returns", "returns@miska.example"), inbox(3, "vets", "Vets and breeders", "vets@miska.example")];

type Seed = [name: string, address: string, subject: string, tags: string[], minutes: number, unread: boolean, assignee: number | null, team: number | null, status?: ConversationDetail["status"]];
const seeds: Seed[] = [
  ["Ewa Marsh", "ewa@harbour.example", "Burek is unwell again after the new bag", ["digestion", "lot L-2231", "vet"], 9, true, 1, 3],
  ["이현우", "hyunwoo.lee@haru-mail.example", "사료 알갱이가 부서져서 왔어요. 사진 첨부합니다", [], 16, true, 1, 1],
  ["Piotr Wilk", "piotr.wilk@poczta.example", "Zmiana adresu dostawy przed wtorkiem", ["address"], 31, true, 1, 2],
  ["Grace Adeyemi", "grace@adeyemi.example", "Can I pause the box while we are away?", ["pause"], 48, true, 1, 1],
  ["Agnieszka Kruk", "a.kruk@poczta.example", "Dziękuję, Tofik je jak szalony", [], 65, false, 1, 1],
  ["Tom Barlow", "tom@rescue-barn.example", "Re: invoice for the rescue centre, October", ["invoice"], 130, false, 1, 1],
  ["박서준", "seojun@haru-mail.example", "정기배송 주기를 4주에서 6주로 바꾸고 싶습니다", ["plan"], 190, false, 1, 1],
  ["Lucy McBride", "lucy@mcbride.example", "Thank you so much, Pickle is back to her old self", [], 250, false, 1, 1],
  ["Radek Zając", "radek@poczta.example", "Kurier zostawił paczkę u sąsiada, ale której?", ["delivery"], 1500, false, 1, 2],
  ["정유진", "yujin@haru-mail.example", "강아지 이름표 이벤트는 언제까지인가요?", [], 1600, false, 1, 1],
  ["Oliver Finch", "oliver@finch.example", "Two bags arrived instead of one", ["refund"], 1700, false, 1, 2],
  ["Marta Sobczak", "marta@poczta.example", "Karma dla szczeniaka po 6. miesiącu", ["puppy"], 2900, false, 1, 3],
  ["Helen Doyle", "helen@doyle.example", "Re: Whole-life plan for two spaniels", [], 3000, false, null, 3],
  ["Ben Ashworth", "ben@ashworth-joinery.example", "Invoice with our VAT number please", ["invoice"], 3400, false, null, 1],
  ["Kasia Dudek", "kasia.dudek@poczta.example", "Luna znów drapie się po uszach", ["allergy"], 4400, false, 6, 3],
];
const bulk: Seed[] = Array.from({ length: 240 }, (_, n): Seed => [`Customer ${n + 1}`, `customer${n + 1}@harbour.example`, `Older question number ${n + 1}`, n % 3 ? [] : ["delivery"], 6000 + n * 90, false, (n % 8) + 1, (n % 3) + 1, n % 4 ? "closed" : "open"]);
export const contacts: Contact[] = [];
export const conversations: ConversationDetail[] = [];
export const messages = new Map<number, Message[]>();

for (const [n, [name, address, subject, tags, minutes, unread, assignee_id, team_id, status = "open"]] of [...seeds, ...bulk].entries()) {
  const id = n + 101;
  contacts.push({
    id, name, addresses: [{ kind: "email", address, verified: n % 2 === 0 }], external_ids: [], company_id: n === 0 ? 1 : null, company: n === 0 ? { id: 1, name: "Harbour Lights", domain: "harbour.example" } : null,
    language: /[가-힣]/.test(name) ? "ko" : "en", time_zone: "Europe/London", city: "Leeds", note: n === 0 ? "Rings rather than writes when she is worried. Burek’s birthday is 3 May." : "", since: n === 0 ? "2016-11-01T00:00:00Z" : null,
    created_at: ago(90_000 + n * 999), conversation_count: n === 0 ? 24 : 1, last_seen_at: ago(minutes), photo_url: null,
  });
  conversations.push({
    id, number: 4812 - n, subject, status, priority: n === 1 ? "urgent" : "normal", inbox_id: (n % 2) + 1, channel: "email", contact_id: id, assignee_id, team_id, tags, snoozed_until: null, spam: false, created_at: ago(minutes + 6000),
    last_activity_at: ago(minutes), contact: { id, name, address }, excerpt: subject, last_author_kind: "contact", last_position: 1, read_position: unread ? 0 : 1, unread, draft: n === 5, linked_conversation_id: null, version: 1,
    participants: [{ kind: "contact", id, name, address, role: "customer", verified: "pass" }], permissions: [],
  });
  messages.set(id, [message(id, 1, "inbound", { id, name, address }, `${subject}.\n\nCould you help me, please?`, minutes)]);
}

export function message(cid: number, position: number, kind: Message["kind"], author: { id: number; name: string; address: string }, text: string, minutes: number): Message {
  return {
    id: cid * 100 + position, position, kind, class: "human", author: { kind: kind === "inbound" ? "contact" : "agent", photo_url: null, ...author }, to: kind === "inbound" ? [{ address: "hello@miska.example" }] : [], cc: [], bcc: [],
    text, html: null, reply_text: text, has_quote: false, attachments: [], created_at: ago(minutes), sent_at: null, delivery: kind === "reply" ? { state: "sent", reason: "", until: null } : null, client_id: null, flags: [], verified: kind === "inbound" ? "pass" : "", language: "", mentions: [],
  };
}

const ewa = { id: 101, name: "Ewa Marsh", address: "ewa@harbour.example" };
const who = (n: number) => ({ id: n, name: agents[n - 1]!.name, address: agents[n - 1]!.email });
const story = [
  message(101, 1, "inbound", ewa, "Good morning, the new Sensitive bag came on Friday and since Sunday Burek has had a bad stomach. Did you change the recipe?", 5900),
  message(101, 2, "reply", who(5), "Dear Ewa, the recipe is the same. Please try half portions for two days.", 5800),
  message(101, 3, "inbound", ewa, "He would not touch his breakfast, and I waited all day for an answer. It says L-2231 on the bag.", 2600),
  message(101, 4, "reply", who(1), "Dear Ewa, a replacement from another lot left our store this morning. Until it comes: boiled rice and chicken, small portions.", 107),
  message(101, 5, "note", who(3), "@Hanna 서울 창고에도 L-2231 문의가 두 건 있었어요. 사료 문제일 가능성이 높으니 환불보다 교환을 먼저 권해 주세요.", 31),
  message(101, 6, "inbound", ewa, "Thank you, he kept the rice down. But I am writing for the third time this week and I am worried. Must I take him to the vet again?\n\n> a replacement from another lot left our store", 9),
];
story[3]!.to = [{ name: "Ewa Marsh", address: ewa.address }, { name: "Dr Sowa", address: "dr.sowa@lapa-vet.example" }];
story[3]!.delivery = { state: "sent", reason: "", until: null, recipients: [{ address: "dr.sowa@lapa-vet.example", state: "bounced", reason: "No such mailbox (550 5.1.1)" }] };
story[5]!.has_quote = true;
story[5]!.reply_text = story[5]!.text.split("\n\n>")[0]!;
story[2]!.html = "<p>He would not touch his breakfast, and I waited <b>all day</b> for an answer.</p><p>It says <a href='https://miska.example'>L-2231</a> on the bag.</p><blockquote data-quote>half portions for two days</blockquote>";
story[2]!.has_quote = true;
story[2]!.attachments = [{ id: 9, name: "bag-label.jpg", content_type: "application/pdf", size: 184_000, url: "/icon.svg" }];
messages.set(101, story);
conversations[0]!.last_position = 6;
