import { FAR_AWAY } from "../i18n/dates";

export type SnoozeChoice = { key: "later" | "tomorrow" | "monday" | "week"; at: Date };

/** No time but an answer brings it back. */
export const UNTIL_REPLY = FAR_AWAY;

const MORNING = 9;

/** The usual moments: in three hours, tomorrow at nine, Monday at nine, in a week at nine. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const later = new Date(now);
  later.setHours(now.getHours() + 3, 0, 0, 0);
  const inDays = (days: number) => {
    const at = new Date(now);
    at.setDate(now.getDate() + days);
    at.setHours(MORNING, 0, 0, 0);
    return at;
  };
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { key: "later", at: later },
    { key: "tomorrow", at: inDays(1) },
    ...(toMonday > 1 && toMonday < 7 ? [{ key: "monday" as const, at: inDays(toMonday) }] : []),
    { key: "week", at: inDays(7) },
  ];
}
