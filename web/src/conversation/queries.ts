import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery, type InfiniteData } from "@tanstack/react-query";
import { api } from "../client/fetch";
import type { Conversation, Draft, DraftKind, HistoryItem, Message, Page, TagCount, View } from "../client/nouns";
import { waitingMessages, withWaiting } from "./pending";
import { readConversation } from "./visitor";

export type ListFilter = { view: string; sort?: "oldest" | "newest"; q?: string };

export const conversationKeys = {
  all: ["conversation"] as const,
  lists: ["conversation", "list"] as const,
  list: (filter: ListFilter) => ["conversation", "list", filter] as const,
  detail: (id: number) => ["conversation", "detail", id] as const,
  messages: (id: number) => ["conversation", "messages", id] as const,
  history: (id: number) => ["conversation", "history", id] as const,
  draft: (id: number, kind: DraftKind) => ["conversation", "draft", id, kind] as const,
  numbered: (number: number) => ["conversation", "numbered", number] as const,
  silences: ["conversation", "silence"] as const,
  silence: (id: number) => ["conversation", "silence", id] as const,
  original: (id: number) => ["conversation", "original", id] as const,
  views: ["conversation", "views"] as const,
  tags: ["conversation", "tags"] as const,
};

export type ListData = InfiniteData<Page<Conversation>, string>;
export type MessagesData = InfiniteData<Page<Message>, number>;

const PAGE = 50;
const NEWEST = Number.MAX_SAFE_INTEGER;

export function listQuery(filter: ListFilter) {
  return infiniteQueryOptions({
    queryKey: conversationKeys.list(filter),
    queryFn: async ({ pageParam, signal }) => {
      const askedAt = performance.now();
      const page = await api.get<Page<Conversation>>("/conversations", { ...filter, cursor: pageParam, limit: PAGE }, signal);
      return { ...page, items: page.items.map((item) => withWaiting(item, askedAt)) };
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function detailQuery(id: number) {
  return queryOptions({ queryKey: conversationKeys.detail(id), queryFn: ({ signal }) => readConversation(id, signal) });
}

/** The conversation of a number, if there is one in sight. */
export function numberedQuery(number: number) {
  return queryOptions({
    queryKey: conversationKeys.numbered(number),
    queryFn: async ({ signal }) => (await api.get<Page<Conversation>>("/conversations", { number, limit: 1 }, signal)).items[0] ?? null,
  });
}

/** Pages go back in time; inside a page positions ascend. */
export function messagesQuery(id: number) {
  return infiniteQueryOptions({
    queryKey: conversationKeys.messages(id),
    queryFn: async ({ pageParam, signal }) => {
      const page = await api.get<Page<Message>>(`/conversations/${id}/messages`, { before: pageParam, limit: PAGE }, signal);
      const known = new Set(page.items.map((message) => message.client_id));
      const waiting = pageParam === NEWEST ? waitingMessages(id).filter((message) => !known.has(message.client_id)) : [];
      return { ...page, items: [...page.items, ...waiting] };
    },
    initialPageParam: NEWEST,
    getNextPageParam: (page) => (page.items[0] && page.items[0].position > 1 ? page.items[0].position : undefined),
  });
}

export function historyQuery(id: number) {
  return queryOptions({ queryKey: conversationKeys.history(id), queryFn: async () => (await api.get<Page<HistoryItem>>(`/conversations/${id}/history`)).items });
}

export function draftQuery(id: number, kind: DraftKind) {
  return queryOptions({
    queryKey: conversationKeys.draft(id, kind),
    queryFn: () => (waitingMessages(id, kind).length > 0 ? null : api.get<Draft>(`/conversations/${id}/drafts/${kind}`)), // the server still has what is on its way to it
    staleTime: 0,
    retry: false,
  });
}

const viewsQuery = queryOptions({ queryKey: conversationKeys.views, queryFn: async () => (await api.get<Page<View>>("/views")).items });

export function useViews(): View[] {
  return useQuery(viewsQuery).data ?? [];
}

export function useTags(): TagCount[] {
  return useQuery({ queryKey: conversationKeys.tags, queryFn: async () => (await api.get<Page<TagCount>>("/tags")).items }).data ?? [];
}

export function useList(filter: ListFilter) {
  return useInfiniteQuery(listQuery(filter));
}

export function useMessages(id: number) {
  const query = useInfiniteQuery(messagesQuery(id));
  return { ...query, messages: flatMessages(query.data as MessagesData | undefined) };
}

export function flatMessages(data: MessagesData | undefined): Message[] {
  return data ? data.pages.toReversed().flatMap((page) => page.items) : [];
}
