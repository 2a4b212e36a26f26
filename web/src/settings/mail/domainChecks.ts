import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../client/fetch";
import type { DomainCheck } from "../../client/nouns";

export type What = DomainCheck["name"];
export const whats: What[] = ["spf", "dkim", "dmarc"];

const key = (what: What, address: string, host: string) => ["settings", "domain-check", what, address, host] as const;

/** What the DNS says of an address whose mail leaves through a server. Each thing is looked up by itself. */
export function useDomainCheck(what: What, address: string, host: string) {
  return useQuery({
    queryKey: key(what, address, host), enabled: address.includes("@") && host !== "", retry: false, staleTime: Infinity, gcTime: 0, meta: { quiet: true },
    queryFn: () => api.post<DomainCheck>("/mail-domains/check", { address, smtp_host: host, check: what }),
  });
}

/** Makes a key that signs the domain's mail, and shows its lines. */
export function useNewKey(address: string, host: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<DomainCheck>("/mail-domains/keys", { address }), meta: { quiet: true },
    onSuccess: (check) => client.setQueryData(key("dkim", address, host), check),
  });
}
