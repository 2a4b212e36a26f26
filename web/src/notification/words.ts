import type { Notification } from "../client/nouns";
import { t } from "../i18n";

type Told = Pick<Notification, "event" | "actor" | "number">;

/** What happened, in one line. */
export function wordsOf({ event, actor, number }: Told): string {
  const values = { who: actor.name, number: `#${number}` };
  return t(actor.name || event === "undelivered" ? `notification.is.${event}` : `notification.was.${event}`, values);
}
