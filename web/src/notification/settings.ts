import { queryOptions } from "@tanstack/react-query";
import { api } from "../client/fetch";
import type { NotificationPreview, NotificationSettings, NotificationWays, Push } from "../client/nouns";
import { notificationKeys } from "./unseen";

export type Way = "app" | "sound" | "push" | "mail";
export const ways: Way[] = ["app", "sound", "push", "mail"];

export const settingsQuery = queryOptions({ queryKey: notificationKeys.settings, queryFn: () => api.get<NotificationSettings>("/notifications/settings"), staleTime: 0 });
export const pushQuery = queryOptions({ queryKey: notificationKeys.push, queryFn: () => api.get<Push>("/push"), staleTime: 0 });

export function previewQuery(settings: NotificationSettings) {
  return queryOptions({ queryKey: [...notificationKeys.all, "preview", settings] as const, queryFn: () => api.post<NotificationPreview>("/notifications/preview", settings), staleTime: 30_000, retry: false });
}

/** The settings with one field of the matrix turned round. */
export function turned(settings: NotificationSettings, event: NotificationWays["event"], way: Way): NotificationSettings {
  return { ...settings, matrix: settings.matrix.map((each) => (each.event === event ? { ...each, [way]: !each[way] } : each)) };
}
