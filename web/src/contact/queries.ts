import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../client/fetch";
import type { Company, Contact, Conversation, Page } from "../client/nouns";

export const contactKeys = {
  all: ["contact"] as const,
  list: (q: string) => ["contact", "list", q] as const,
  detail: (id: number) => ["contact", "detail", id] as const,
  conversations: (id: number) => ["contact", "conversations", id] as const,
  companies: ["contact", "companies"] as const,
};

const listQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: contactKeys.list(q),
    queryFn: ({ pageParam, signal }) => api.get<Page<Contact>>("/contacts", { q, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const contactQuery = (id: number) => queryOptions({ queryKey: contactKeys.detail(id), queryFn: () => api.get<Contact>(`/contacts/${id}`) });

export function useContacts(q: string) {
  return useInfiniteQuery(listQuery(q));
}

export function useContact(id: number) {
  return useQuery(contactQuery(id));
}

export function useContactConversations(id: number) {
  return useQuery({ queryKey: contactKeys.conversations(id), queryFn: () => api.get<Page<Conversation>>(`/contacts/${id}/conversations`, { limit: 50 }) });
}

export function useCompanies() {
  return useQuery({ queryKey: contactKeys.companies, queryFn: async () => (await api.get<Page<Company>>("/companies", { limit: 100 })).items });
}

export type ContactPatch = Partial<Pick<Contact, "name" | "note" | "language" | "time_zone" | "city" | "company_id">> & { addresses?: { kind: string; address: string }[] };

/** Changes a customer, at once on screen; what the server answers is what stays. */
export function useContactChange(id: number) {
  const client = useQueryClient();
  const key = contactKeys.detail(id);
  return useMutation({
    mutationFn: (patch: ContactPatch) => api.patch<Contact>(`/contacts/${id}`, patch),
    onMutate: ({ addresses: _, ...patch }) => {
      const before = client.getQueryData<Contact>(key);
      if (before) client.setQueryData(key, { ...before, ...patch });
      return before;
    },
    onError: (_error, _patch, before) => client.setQueryData(key, before),
    onSuccess: (contact) => client.setQueryData(key, contact),
  });
}
