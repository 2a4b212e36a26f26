import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../client/fetch";
import type { Company, Contact, ContactAddress, Conversation, Page } from "../client/nouns";

export const contactKeys = {
  all: ["contact"] as const,
  list: (q: string) => ["contact", "list", q] as const,
  detail: (id: number) => ["contact", "detail", id] as const,
  conversations: (id: number) => ["contact", "conversations", id] as const,
  companies: ["contact", "companies"] as const,
  suppressions: ["contact", "suppressions"] as const,
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

/** The address one would write to. */
export function mainAddress(contact: Contact): ContactAddress | undefined {
  return contact.addresses.find((each) => each.kind === "email") ?? contact.addresses[0];
}

export function useContact(id: number) {
  return useQuery(contactQuery(id));
}

export function useContactConversations(id: number, enabled = true) {
  return useQuery({ queryKey: contactKeys.conversations(id), queryFn: () => api.get<Page<Conversation>>(`/contacts/${id}/conversations`, { limit: 50 }), enabled });
}

/** The companies whose name or domain begins like q. */
export function useCompanies(q: string) {
  return useQuery({ queryKey: [...contactKeys.companies, q], queryFn: () => companiesLike(q), placeholderData: (before) => before });
}

const companiesLike = async (q: string) => (await api.get<Page<Company>>("/companies", { q, limit: 20 })).items;

export const sameName = (a: string, b: string) => a.trim().toLocaleLowerCase() === b.trim().toLocaleLowerCase();

/** The company of that name, made when there is none. */
async function companyNamed(name: string): Promise<number | null> {
  if (name.trim() === "") return null;
  const found = (await companiesLike(name.trim())).find((company) => sameName(company.name, name));
  return (found ?? (await api.post<Company>("/companies", { name: name.trim() }))).id;
}

export type ContactPatch = Partial<Pick<Contact, "name" | "note" | "language" | "time_zone" | "city">>;
type ContactFacts = ContactPatch & { addresses: ContactAddress[]; company: string };

/** Saves everything of the dialog at once; what is refused is said there. */
export function useContactSave(id: number) {
  const client = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async ({ company, ...facts }: ContactFacts) => {
      const contact = await api.patch<Contact>(`/contacts/${id}`, facts); // first: a refusal must leave no new company behind
      return sameName(company, contact.company?.name ?? "") ? contact : api.patch<Contact>(`/contacts/${id}`, { company_id: await companyNamed(company) });
    },
    onSuccess: (contact) => {
      client.setQueryData(contactKeys.detail(id), contact);
      void client.invalidateQueries({ queryKey: contactKeys.companies });
    },
  });
}

/** Changes a customer, at once on screen; what the server answers is what stays. */
export function useContactChange(id: number) {
  const client = useQueryClient();
  const key = contactKeys.detail(id);
  return useMutation({
    mutationFn: (patch: ContactPatch) => api.patch<Contact>(`/contacts/${id}`, patch),
    onMutate: (patch) => {
      const before = client.getQueryData<Contact>(key);
      if (before) client.setQueryData(key, { ...before, ...patch });
      return before;
    },
    onError: (_error, _patch, before) => client.setQueryData(key, before),
    onSuccess: (contact) => client.setQueryData(key, contact),
  });
}
