import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../../../client/fetch";
import type { Conversation, Page, Priority, Status } from "../../../client/nouns";

/** A text written once, for many answers. */
export type Snippet = { id: number; key: string; name: string; folder: string; language: string; text: string; html: string; shared: boolean; owner_id: number | null; approved: boolean; uses: number; last_used_at: string | null; updated_at: string };

/** One step of a macro. */
export type Step =
  | { do: "reply"; text: string; html: string }
  | { do: "note"; text: string }
  | { do: "assign"; agent_id: number | null; me?: boolean }
  | { do: "team"; team_id: number | null }
  | { do: "tags"; add: string[]; remove: string[] }
  | { do: "status"; status: Status }
  | { do: "priority"; priority: Priority }
  | { do: "snooze"; until: "later_today" | "tomorrow" | "monday" | "next_week" };

export type Macro = { id: number; key: string; name: string; folder: string; shared: boolean; owner_id: number | null; uses: number; last_used_at: string | null; updated_at: string; actions: Step[] };
/** What a macro found, so that it can be taken back. */
export type Before = Pick<Conversation, "assignee_id" | "team_id" | "tags" | "status" | "priority" | "snoozed_until">;
export type MacroDone = { conversation: Conversation; before: Before; reply: { text: string; html: string } | null };

export const snippetsQuery = queryOptions({ queryKey: ["automation", "snippets"], queryFn: async () => (await api.get<Page<Snippet>>("/snippets")).items, staleTime: 60_000 });
export const macrosQuery = queryOptions({ queryKey: ["automation", "macros"], queryFn: async () => (await api.get<Page<Macro>>("/macros")).items, staleTime: 60_000 });

export const useSnippets = (): Snippet[] => useQuery(snippetsQuery).data ?? [];
export const useMacros = (): Macro[] => useQuery(macrosQuery).data ?? [];

export const countUse = (id: number) => void api.post(`/snippets/${id}/uses`).catch(() => {});
export const runMacro = (conversationId: number, id: number, clientId: string) => api.post<MacroDone>(`/conversations/${conversationId}/macros/${id}`, { client_id: clientId, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
