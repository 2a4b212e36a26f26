import { fullHex, isColour } from "@rapport/ui/brand";
import type { ChatChange, ChatSettings, Inbox } from "../../client/nouns";
import { rulesOf, type Rules } from "../parts/RulesCard";
import { daysOf, weekOf, type Week } from "./hours";

/** The settings of a chat as one edits them. `always` keeps the week while the house is said to be always open. */
export type ChatForm = Omit<ChatSettings, "site_key" | "has_identity_secret" | "hours"> & { name: string; timeZone: string; always: boolean; week: Week };
export type SetChat = (patch: Partial<ChatForm>) => void;

const fresh: Omit<ChatSettings, "site_key" | "has_identity_secret"> = {
  brand: "", position: "end", greeting: {}, language: "auto", allowed_origins: [], hours: { time_zone: "", days: [] }, ask_email: true, show_team: true, show_launcher: true, files: true,
  mail_inbox_id: null,
};

/** A new chat carries the name of the company, since visitors read it. */
export function formOf(inbox: Inbox | undefined, myZone: string, company = ""): ChatForm {
  const { site_key: _key, has_identity_secret: _secret, hours, ...chat } = { site_key: "", has_identity_secret: false, ...fresh, ...inbox?.chat };
  return { ...chat, name: inbox?.name ?? company, timeZone: hours.time_zone || myZone, always: hours.days.length === 0, week: weekOf(hours.days) };
}

/** What the API wants to hear. Greetings left empty are not sent: the chat has words of its own for them. */
export function chatOf({ name: _, timeZone, always, week, greeting, brand, ...chat }: ChatForm): ChatChange {
  const said = Object.entries(greeting).map(([language, words]) => [language, words.trim()] as const).filter(([, words]) => words);
  return { ...chat, brand: isColour(brand) ? fullHex(brand) : "", greeting: Object.fromEntries(said), hours: { time_zone: timeZone, days: always ? [] : daysOf(week) } };
}

/** Whether there is something to save. */
export function differs(form: ChatForm, rules: Rules, inbox: Inbox, myZone: string): boolean {
  const saved = formOf(inbox, myZone);
  return form.name !== saved.name || JSON.stringify(sorted(chatOf(form))) !== JSON.stringify(sorted(chatOf(saved))) || JSON.stringify(rules) !== JSON.stringify(rulesOf(inbox));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b)).map(([key, inner]) => [key, sorted(inner)]));
  return value;
}
