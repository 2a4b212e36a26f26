import type { Site } from "./contract";
import type { Words } from "./words";

const DAY = 86_400_000;

/** How far a day lies from today, in this browser's days. */
export function daysFrom(at: Date, now: Date): number {
  const start = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((start(at) - start(now)) / DAY);
}

const clockOf = ({ language, locale }: Words): Intl.DateTimeFormatOptions => ({
  hour: locale === "en" || /^en-(US|CA|AU|NZ|IN|PH)/.test(locale) ? "numeric" : "2-digit", minute: "2-digit", ...(language !== "en" && { hourCycle: "h23" }),
});

export const clock = (words: Words, at: Date) => at.toLocaleTimeString(words.locale, clockOf(words));

/** A day as a separator says it: Today, Yesterday, Monday 3 November. */
export function dayName(words: Words, at: Date, now: Date): string {
  const days = daysFrom(at, now);
  if (days === 0 || days === -1) return upper(new Intl.RelativeTimeFormat(words.locale, { numeric: "auto" }).format(days, "day"));
  return upper(at.toLocaleDateString(words.locale, {
    weekday: "long", day: "numeric", month: "long", ...(at.getFullYear() !== now.getFullYear() && { year: "numeric" }),
  }));
}

/** A moment as a row says it: the time today, else the day. */
export const moment = (words: Words, at: Date, now: Date) => (daysFrom(at, now) === 0 ? clock(words, at) : date(words, at, now));

export const date = (words: Words, at: Date, now: Date) =>
  at.toLocaleDateString(words.locale, { day: "numeric", month: "short", ...(at.getFullYear() !== now.getFullYear() && { year: "numeric" }) });

/** A moment to come, as a promise says it: 18:00, tomorrow 09:00, Monday 11:00, Monday 24 November 11:00. */
export function coming(words: Words, at: Date, now: Date): string {
  const days = daysFrom(at, now);
  if (days === 0) return clock(words, at);
  if (days === 1) return `${new Intl.RelativeTimeFormat(words.locale, { numeric: "auto" }).format(1, "day")} ${clock(words, at)}`;
  return at.toLocaleString(words.locale, { weekday: "long", ...(days > 6 && { day: "numeric", month: "long" }), ...clockOf(words) }).replace(/ at |(?<=\p{L}), /u, " ");
}

/** A length of time, rounded up to what one can rely on. */
export function length(words: Words, seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const [n, unit] = minutes < 60 ? [Math.max(1, minutes), "minute"] : minutes < 48 * 60 ? [Math.ceil(minutes / 60), "hour"] : [Math.ceil(minutes / 1440), "day"];
  // Plain "en": the British form is "6 mins".
  return new Intl.NumberFormat(words.language === "en" ? "en" : words.locale, { style: "unit", unit: unit as string, unitDisplay: words.language === "ar" ? "long" : "short" }).format(n as number);
}

/** What the visitor's own clock is called. */
export function zoneName(words: Words, zone: string, now: Date): string {
  const city = zone.split("/").slice(1).at(-1)?.replaceAll("_", " ");
  if (words.language === "en" && city && !zone.startsWith("Etc/")) return `in ${city}`;
  const named = new Intl.DateTimeFormat(words.locale, { timeZone: zone, timeZoneName: "longGeneric" }).formatToParts(now);
  return named.find((part) => part.type === "timeZoneName")?.value.replace(/^czas: /, "") ?? zone;
}

export interface HonestLine {
  open: boolean;
  text: string;
}

/** The one sentence about now: opening state and the measured usual reply. Without a figure, no figure; `short` where there is little room. */
export function honestLine(words: Words, site: Site, now: Date, short = false): HonestLine {
  const { t } = words;
  const state = site.open
    ? site.closes_at ? t("now.until", { time: coming(words, new Date(site.closes_at), now) }) : ""
    : site.opens_at ? t("now.back", { time: coming(words, new Date(site.opens_at), now) }) : t("now.closed");
  const usual = site.usual_reply_seconds;
  if (!site.open || usual === null) return { open: site.open, text: state || t("now.open") };
  const time = length(words, usual);
  return { open: true, text: state && !short ? t("now.join", { a: state, b: t("now.reply", { time }) }) : t("now.reply.short", { time }) };
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
