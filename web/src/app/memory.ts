import { useSyncExternalStore } from "react";

/** A small value that several screens read and change. */
export type Memory<T> = { get: () => T; set: (next: T | ((now: T) => T)) => void; subscribe: (listener: () => void) => () => void };

export function memory<T>(first: T): Memory<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      value = typeof next === "function" ? (next as (now: T) => T)(value) : next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useMemory<T>(store: Memory<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
