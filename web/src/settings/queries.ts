import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../client/fetch";
import type { ChatChange, Inbox, InboxChange, InboxTest, InboxTestResult, Installation, NewEmailSettings, NewForm, Page } from "../client/nouns";

export const settingsKeys = {
  inboxes: ["settings", "inboxes"] as const,
  installations: ["settings", "installation"] as const,
  installation: (id: number) => ["settings", "installation", id] as const,
};

const inboxesQuery = queryOptions({ queryKey: settingsKeys.inboxes, queryFn: async () => (await api.get<Page<Inbox>>("/inboxes")).items });

export function useInboxesQuery() {
  return useQuery(inboxesQuery);
}

export function useInboxes(): Inbox[] {
  return useInboxesQuery().data ?? [];
}

export const inboxes = {
  add: (body: { name: string; email: NewEmailSettings }) => api.post<Inbox>("/inboxes", { ...body, channel: "email" }),
  addChat: (body: { name: string; chat: ChatChange }) => api.post<Inbox>("/inboxes", { ...body, channel: "chat" }),
  addForm: (body: { name: string; form: NewForm }) => api.post<Inbox>("/inboxes", { ...body, channel: "form" }),
  newIdentitySecret: (id: number) => api.post<{ secret: string }>(`/inboxes/${id}/identity-secret`),
  change: ({ id, ...body }: { id: number } & InboxChange) => api.patch<Inbox>(`/inboxes/${id}`, body),
  remove: (id: number) => api.delete(`/inboxes/${id}`),
  setMembers: ({ id, ...body }: { id: number; agent_ids: number[]; team_ids: number[] }) => api.put(`/inboxes/${id}/members`, body),
  test: (body: InboxTest) => api.post<InboxTestResult>("/inboxes/test", body),
};

const ASK_AGAIN_MS = 10_000;

/** Whether a page with the chat has called. A live event tells of the first; one that was refused is only found by asking. */
export function useInstallation(id: number) {
  return useQuery({ queryKey: settingsKeys.installation(id), queryFn: () => api.get<Installation>(`/inboxes/${id}/installation`), staleTime: 0, refetchInterval: ASK_AGAIN_MS });
}

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
