import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../client/fetch";
import type { Inbox, RoundTrip } from "../../client/nouns";

const key = (id: number) => ["settings", "round-trip", id] as const;
const LOOK_MS = 1000;

/** Where the test mail of an inbox stands; asked every second while it is on its way. */
export function useRoundTrip(id: number) {
  return useQuery({
    queryKey: key(id), queryFn: () => api.get<RoundTrip>(`/inboxes/${id}/round-trip`), staleTime: 0, meta: { quiet: true },
    refetchInterval: (query) => (query.state.data?.state === "sending" || query.state.data?.state === "waiting" ? LOOK_MS : false),
  });
}

export function useStartRoundTrip(id: number) {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => api.post<RoundTrip>(`/inboxes/${id}/round-trip`), meta: { quiet: true }, onSuccess: (now) => client.setQueryData(key(id), now) });
}

/** An inbox that was just made is not ready before its mailbox was looked into once. */
export function useReadyToTest(inbox: Inbox): boolean {
  const waits = inbox.email?.imap != null && !inbox.last_fetch_at;
  const { data } = useQuery({
    queryKey: ["settings", "inbox", inbox.id], enabled: waits, meta: { quiet: true }, staleTime: 0, queryFn: () => api.get<Inbox>(`/inboxes/${inbox.id}`),
    refetchInterval: (query) => (query.state.data?.last_fetch_at ? false : LOOK_MS),
  });
  return !waits || Boolean(data?.last_fetch_at);
}

export type Step = "done" | "now" | "next" | "broken";

/** The three steps of a round trip, as they stand. */
export function stepsOf({ state }: RoundTrip): [written: Step, taken: Step, arrived: Step] {
  switch (state) {
    case "sending": return ["done", "now", "next"];
    case "waiting": return ["done", "done", "now"];
    case "arrived": return ["done", "done", "done"];
    case "failed": return ["done", "broken", "next"];
    default: return ["next", "next", "next"];
  }
}

/** How long it took, in whole seconds. */
export function secondsOf({ started_at, arrived_at }: RoundTrip): number {
  return started_at && arrived_at ? Math.max(0, Math.round((Date.parse(arrived_at) - Date.parse(started_at)) / 1000)) : 0;
}
