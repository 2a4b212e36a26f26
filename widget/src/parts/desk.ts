import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Screen } from "../contract";
import type { Session } from "../core/session";
import type { Words } from "../words";

/** Where the panel is: a screen, and for a conversation its id, or "new:…" before its first message. */
export interface Place {
  screen: Screen;
  conversation?: number | string;
}

/** What every part of the panel stands on. */
export interface Desk {
  session: Session;
  words: Words;
  place: Place;
  visible: boolean; // the panel is open in a tab that is shown
  go(place: Place): void;
  close(): void;
  draft(conversation: number | string): string;
  keepDraft(conversation: number | string, text: string): void;
}

export const DeskContext = createContext<Desk>(null as unknown as Desk);
export const useDesk = () => useContext(DeskContext);
