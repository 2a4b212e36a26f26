import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../../../client/fetch";
import type { Macro, MacroRanConversation, Page, Snippet } from "../../../client/nouns";

const snippetsQuery = queryOptions({ queryKey: ["automation", "snippets"], queryFn: async () => (await api.get<Page<Snippet>>("/snippets")).items, staleTime: 60_000 });
const macrosQuery = queryOptions({ queryKey: ["automation", "macros"], queryFn: async () => (await api.get<Page<Macro>>("/macros")).items, staleTime: 60_000 });

export const useSnippets = (): Snippet[] => useQuery(snippetsQuery).data ?? [];
export const useMacros = (): Macro[] => useQuery(macrosQuery).data ?? [];

export const countUse = (id: number) => void api.post(`/snippets/${id}/uses`).catch(() => {});
export const runMacro = (conversationId: number, id: number, clientId: string) => api.post<MacroRanConversation>(`/conversations/${conversationId}/macros/${id}`, { client_id: clientId });
