import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../client/fetch";
import type { Page, Suppression } from "../client/nouns";
import { contactKeys } from "./queries";

/** Which of the addresses get no automatic mail, because mail to them came back or was called spam, and which want no news. */
export function useSuppressions(addresses: string[]): Suppression[] {
  const asked = [...new Set(addresses.map((each) => each.toLowerCase()))].filter((each) => each.includes("@")).sort();
  const { data } = useQuery({
    queryKey: [...contactKeys.suppressions, asked], enabled: asked.length > 0, placeholderData: (before) => before,
    queryFn: async () => (await api.get<Page<Suppression>>("/suppressions", { addresses: asked.join(",") })).items,
  });
  return asked.length > 0 ? (data ?? []).filter((each) => asked.includes(each.address)) : [];
}

/** Lets automatic mail, or news, to an address again. */
export function useLiftSuppression() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ address, cause }: Suppression) => api.delete("/suppressions", { address, cause }),
    onSuccess: () => client.invalidateQueries({ queryKey: contactKeys.suppressions }),
  });
}
