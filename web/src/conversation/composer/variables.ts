import type { Agent, Inbox } from "../../client/nouns";
import { fill, type Values } from "../../settings/mail/template";

type Around = { agent: Pick<Agent, "name">; customer: string; inbox?: Pick<Inbox, "name">; number?: number };

/** What the variables of texts stand for in a conversation, as the server fills them: an address is no name to call somebody by. */
export function valuesOf({ agent, customer, inbox, number }: Around): Values {
  const name = customer.includes("@") ? "" : customer.trim();
  return {
    "agent.name": agent.name, "agent.first_name": agent.name.split(" ")[0], "customer.name": name, "customer.first_name": name.split(" ")[0], "inbox.name": inbox?.name,
    "conversation.number": number ? String(number) : undefined,
  };
}

/** The names of variables in a text for which nothing is known here. The server would refuse an answer with one. */
export const openIn = (text: string, values: Values): string[] => fill(text, values).open;

/** Where variables stand in a text, and whether each has something to say. */
export function variablesIn(text: string, values: Values): { from: number; to: number; open: boolean }[] {
  return [...text.matchAll(/\{\{\s*[a-z_]+\.[a-z_]+\s*(?:\|[^{}]*)?\}\}/g)].map(({ 0: found, index }) => ({ from: index, to: index + found.length, open: openIn(found, values).length > 0 }));
}
