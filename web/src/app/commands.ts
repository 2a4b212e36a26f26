import { useEffect, useRef, useSyncExternalStore } from "react";
import type { IconName } from "@rapport/ui";

export type CommandGroup = "conversation" | "list" | "writing" | "go" | "general";

/** Something a person can do here: by key, from the palette, and listed on the sheet of keys. */
export type Command = {
  id: string;
  label: string;
  group: CommandGroup;
  /** "E", "⇧E", "⌘K" or a sequence "G I". More than one way is parted by "|". */
  keys?: string;
  icon?: IconName;
  /** Other words under which the palette finds it. */
  also?: string;
  /** Kept out of the palette: moving about only makes sense by key. */
  keyOnly?: boolean;
  run: () => void;
};

let sources: { list: Command[]; above: boolean }[] = [];
let snapshot: Command[] = [];
const listeners = new Set<() => void>();

function changed() {
  const byId = new Map<string, Command>();
  for (const source of sources) for (const command of source.list) byId.set(command.id, command);
  snapshot = [...byId.values()];
  for (const listener of listeners) listener();
}

/** Offers commands while the caller is on screen. Those above all others win also over what comes later. */
export function useCommands(list: Command[], above = false) {
  const source = useRef({ list, above });
  source.current.list = list;
  const shape = list.map((command) => command.id + command.label).join();
  useEffect(() => {
    const mine = source.current;
    sources = [...sources, mine].sort((a, b) => Number(a.above) - Number(b.above));
    changed();
    return () => {
      sources = sources.filter((other) => other !== mine);
      changed();
    };
  }, []);
  useEffect(changed, [shape]);
}

export function useAllCommands(): Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}

/** The newest command bound to these keys, in its newest version. */
export function commandFor(keys: string): Command | undefined {
  for (const source of sources.toReversed()) {
    const found = source.list.find((command) => command.keys?.split("|").includes(keys));
    if (found) return found;
  }
  return undefined;
}

export function runCommand(id: string) {
  for (const source of sources.toReversed()) {
    const found = source.list.find((command) => command.id === id);
    if (found) return found.run();
  }
}

/** Whether some command is a sequence that begins with this key. */
export function beginsSequence(key: string): boolean {
  return sources.some((source) => source.list.some((command) => command.keys?.split("|").some((keys) => keys.startsWith(`${key} `))));
}
