import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMe } from "../account/people";
import { api } from "../client/fetch";
import type { CheckState, Health, Job, Mail, OutgoingMail, Page, ParkedEvent } from "../client/nouns";

export const healthKeys = {
  all: ["health"] as const,
  checks: ["health", "checks"] as const,
  mails: (state: string) => ["health", "mails", state] as const,
  jobs: ["health", "jobs"] as const,
  parked: ["health", "parked"] as const,
  outgoing: ["health", "outgoing"] as const,
};

const EVERY_MS = 30_000;
const SOON_MS = 5_000;

export function useHealth() {
  const { permissions } = useMe();
  return useQuery({ queryKey: healthKeys.checks, queryFn: () => api.get<Health>("/health"), refetchInterval: EVERY_MS, enabled: permissions.includes("health.read") });
}

/** The worst state of all checks, for the mark in the rail. */
export function useHealthState(): CheckState {
  const checks = useHealth().data?.checks ?? [];
  if (checks.some((check) => check.state === "failed")) return "failed";
  return checks.some((check) => check.state === "warning") ? "warning" : "ok";
}

const items = async <T>(path: string, params?: Record<string, string>) => (await api.get<Page<T>>(path, params)).items;

export function useMails(state: string) {
  return useQuery({ queryKey: healthKeys.mails(state), queryFn: () => items<Mail>("/mails", { state, limit: "100" }), refetchInterval: SOON_MS });
}

export function useJobs() {
  return useQuery({ queryKey: healthKeys.jobs, refetchInterval: SOON_MS, queryFn: async () => [...(await items<Job>("/jobs", { state: "dead" })), ...(await items<Job>("/jobs", { state: "retrying" }))] });
}

export function useParked() {
  return useQuery({ queryKey: healthKeys.parked, queryFn: () => items<ParkedEvent>("/parked") });
}

export function useOutgoing() {
  return useQuery({ queryKey: healthKeys.outgoing, queryFn: () => items<OutgoingMail>("/outbox"), refetchInterval: 3000 });
}

export const health = {
  replay: (id: number) => api.post(`/mails/${id}/replay`),
  discard: (id: number) => api.delete(`/mails/${id}`),
  retryJob: (id: number) => api.post(`/jobs/${id}/retry`),
  dropJob: (id: number) => api.delete(`/jobs/${id}`),
  retryParked: ({ reader, seq }: { reader: string; seq: number }) => api.post(`/parked/${reader}/${seq}/retry`),
};

export function useRepair<V>(repair: (variables: V) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: repair, onSettled: () => client.invalidateQueries({ queryKey: healthKeys.all }) });
}
