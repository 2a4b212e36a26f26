import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, upload } from "../client/fetch";
import type { Agent, ApiKey, Invited, Me, Page, RecoveryCodes, Role, Session, Team, TOTPStart } from "../client/nouns";
import { currentLanguage } from "../i18n";

export const accountKeys = {
  me: ["account", "me"] as const,
  agents: ["account", "agents"] as const,
  teams: ["account", "teams"] as const,
  sessions: ["account", "sessions"] as const,
  apiKeys: ["account", "api-keys"] as const,
};

export const meQuery = queryOptions({ queryKey: accountKeys.me, queryFn: () => api.get<Me>("/me"), retry: false, staleTime: Infinity });
export const agentsQuery = queryOptions({ queryKey: accountKeys.agents, queryFn: async () => (await api.get<Page<Agent>>("/agents")).items });
export const teamsQuery = queryOptions({ queryKey: accountKeys.teams, queryFn: async () => (await api.get<Page<Team>>("/teams")).items });

export function useSessions() {
  return useQuery({ queryKey: accountKeys.sessions, queryFn: async () => (await api.get<Page<Session>>("/sessions")).items });
}

export function useApiKeys() {
  return useQuery({ queryKey: accountKeys.apiKeys, queryFn: async () => (await api.get<Page<ApiKey>>("/api-keys")).items });
}

/** A change of the account room; afterwards the named lists are asked again. */
export function useAccountChange<V, R>(change: (variables: V) => Promise<R>, stale: readonly (readonly string[])[], quiet = false) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    meta: { quiet },
    onSuccess: () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

type Profile = Partial<Pick<Agent, "name" | "public_name" | "language" | "time_zone" | "signature" | "theme">>;

export const account = {
  signIn: (body: { email: string; password: string; code?: string }) => api.post<Me>("/session", body),
  signOut: () => api.delete("/session"),
  setup: (body: { token: string; workspace: string; name: string; email: string; password: string }) => api.post<Me>("/setup", { ...body, language: currentLanguage() }),
  askReset: (email: string) => api.post("/password-resets", { email }),
  reset: ({ token, password }: { token: string; password: string }) => api.put(`/password-resets/${token}`, { password }),
  accept: ({ token, ...body }: { token: string; name: string; password: string }) => api.put<Me>(`/invitations/${token}`, body),
  change: (body: Profile) => api.patch<Me>("/me", body),
  changePassword: (body: { current: string; new: string }) => api.put("/me/password", body),
  photo: (file: File) => upload("/me/photo", file, "PUT", () => {}).done,
  removePhoto: () => api.delete("/me/photo"),
  beginTotp: () => api.post<TOTPStart>("/me/totp"),
  confirmTotp: (code: string) => api.put<RecoveryCodes>("/me/totp", { code }),
  endTotp: (code: string) => api.delete("/me/totp", { code }),
  endSession: (id: number) => api.delete(`/sessions/${id}`),
  invite: (body: { email: string; name: string; role: Role; team_ids?: number[] }) => api.post<Invited>("/agents", body),
  inviteAgain: (id: number) => api.post<Omit<Invited, "agent">>(`/agents/${id}/invitation`),
  changeAgent: ({ id, ...body }: { id: number; name?: string; role?: Role; team_ids?: number[] }) => api.patch<Agent>(`/agents/${id}`, body),
  openWork: (id: number) => api.get<{ conversations: number }>(`/agents/${id}/open-work`),
  deactivate: ({ id, ...to }: { id: number; hand_over_to_agent_id?: number; hand_over_to_team_id?: number }) => api.post(`/agents/${id}/deactivation`, to),
  reactivate: (id: number) => api.delete(`/agents/${id}/deactivation`),
  addTeam: (body: { name: string; agent_ids: number[] }) => api.post<Team>("/teams", body),
  changeTeam: ({ id, ...body }: { id: number; name?: string; agent_ids?: number[] }) => api.patch<Team>(`/teams/${id}`, body),
  removeTeam: (id: number) => api.delete(`/teams/${id}`),
  addApiKey: (body: { name: string; expires_at?: string }) => api.post<{ key: ApiKey; token: string }>("/api-keys", body),
  removeApiKey: (id: number) => api.delete(`/api-keys/${id}`),
};
