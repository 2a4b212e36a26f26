import { MutationCache, QueryClient } from "@tanstack/react-query";
import { showToast } from "@rapport/ui";
import { messageOf, Problem, Unreachable } from "../client/problem";

/** Server state lives here. Live frames keep it fresh, so nothing is asked again merely because a window got the focus. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        gcTime: 15 * 60_000,
        refetchOnWindowFocus: false,
        networkMode: "always", // without a network a question fails in words, and what is known stays
        refetchOnReconnect: false, // what failed is asked again when the server is heard: app/live
        retry: (count, error) => count < 2 && (error instanceof Unreachable || (error instanceof Problem && error.status >= 502)),
      },
    },
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (!mutation.meta?.["quiet"]) showToast({ text: messageOf(error) });
      },
    }),
  });
}
