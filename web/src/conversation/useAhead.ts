import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Conversation } from "../client/nouns";
import { detailQuery, messagesQuery } from "./queries";

const NEIGHBOURS = 5;
const REST_MS = 250;

/** The rows around one, the nearest first, below before above. */
export function around<T>(rows: T[], at: number): T[] {
  const near: T[] = [];
  for (let far = 1; far <= NEIGHBOURS; far++) for (const n of [at + far, at - far]) if (rows[n] !== undefined) near.push(rows[n]);
  return near;
}

/** Reads the conversations next to the selected one while nobody is doing anything, one after the other, so that opening one is no wait. Who moves on ends it. */
export function useAhead(rows: Conversation[], at: number, isOpen: boolean) {
  const client = useQueryClient();
  const ids = around(rows, at).map((row) => row.id);
  const selected = rows[at]?.id;
  if (!isOpen && selected !== undefined) ids.unshift(selected);
  const key = ids.join();
  useEffect(() => {
    let ended = false;
    let reading = 0;
    const read = async () => {
      for (const id of ids) {
        if (ended) return;
        reading = id;
        await Promise.all([client.prefetchQuery({ ...detailQuery(id), retry: false }), client.prefetchInfiniteQuery({ ...messagesQuery(id), retry: false })]);
        reading = 0;
      }
    };
    const timer = window.setTimeout(() => void read(), REST_MS);
    return () => {
      ended = true;
      window.clearTimeout(timer);
      if (!reading) return;
      for (const { queryKey } of [detailQuery(reading), messagesQuery(reading)]) {
        if (!client.getQueryCache().find({ queryKey })?.isActive()) void client.cancelQueries({ queryKey });
      }
    };
  }, [key, client]);
}
