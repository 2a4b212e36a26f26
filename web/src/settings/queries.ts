import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../client/fetch";
import type { Inbox, InboxChange, InboxTest, InboxTestResult, NewEmailSettings, Page } from "../client/nouns";

export const settingsKeys = { inboxes: ["settings", "inboxes"] as const };

const inboxesQuery = queryOptions({ queryKey: settingsKeys.inboxes, queryFn: async () => (await api.get<Page<Inbox>>("/inboxes")).items });

export function useInboxes(): Inbox[] {
  return useQuery(inboxesQuery).data ?? [];
}

export const inboxes = {
  add: (body: { name: string; email: NewEmailSettings }) => api.post<Inbox>("/inboxes", { ...body, channel: "email" }),
  change: ({ id, ...body }: { id: number } & InboxChange) => api.patch<Inbox>(`/inboxes/${id}`, body),
  remove: (id: number) => api.delete(`/inboxes/${id}`),
  setMembers: ({ id, ...body }: { id: number; agent_ids: number[]; team_ids: number[] }) => api.put(`/inboxes/${id}/members`, body),
  test: (body: InboxTest) => api.post<InboxTestResult>("/inboxes/test", body),
};

/** A change of an inbox; afterwards inboxes and views are asked again. */
export function useInboxChange<V, R>(change: (variables: V) => Promise<R>, quiet = false) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    meta: { quiet },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: settingsKeys.inboxes });
      void client.invalidateQueries({ queryKey: ["conversation", "views"] });
    },
  });
}
