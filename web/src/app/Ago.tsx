import { useEffect } from "react";
import { ago, exact } from "../i18n/dates";
import { memory, useMemory } from "./memory";

const minute = memory(0);
let watchers = 0;
let timer = 0;

function useEachMinute() {
  useMemory(minute);
  useEffect(() => {
    if (watchers++ === 0) timer = window.setInterval(() => minute.set((n) => n + 1), 30_000);
    return () => {
      if (--watchers === 0) window.clearInterval(timer);
    };
  }, []);
}

/** A time by its distance, kept true while it is on screen. */
export function Ago({ at }: { at: string }) {
  useEachMinute();
  return <time dateTime={at} title={exact(at)}>{ago(at)}</time>;
}
