import { currentLanguage, t } from ".";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time zone of the person, from the profile. */
export function setTimeZone(name: string) {
  if (name) zone = name;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(options: Intl.DateTimeFormatOptions, timeZone = zone): Intl.DateTimeFormat {
  const language = currentLanguage() === "en" ? "en-GB" : currentLanguage();
  const key = language + timeZone + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(language, { ...options, timeZone })));
  return found;
}

/** The calendar day in the person's zone as a number that counts days. */
function dayOf(at: Date): number {
  const parts = formatIn({ year: "numeric", month: "numeric", day: "numeric", calendar: "gregory", numberingSystem: "latn" }).formatToParts(at);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value.replace(/\D/g, ""));
  return Date.UTC(part("year"), part("month") - 1, part("day")) / DAY;
}

function yearOf(at: Date): string {
  return formatIn({ year: "numeric" }).format(at);
}

/** By distance: 9 min, 4 h, Yesterday, Thu, 12 Nov, 12 Nov 2025. */
export function ago(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const passed = now.getTime() - at.getTime();
  const days = dayOf(now) - dayOf(at);
  if (passed < MINUTE) return t("date.now");
  if (passed < HOUR) return t("date.minutes", { n: Math.floor(passed / MINUTE) });
  if (days === 0 || passed < 6 * HOUR) return t("date.hours", { n: Math.floor(passed / HOUR) });
  if (days === 1) return t("date.yesterday");
  if (days <= 6) return formatIn({ weekday: "short" }).format(at);
  return shortDay(iso, now);
}

/** 12 Nov, or 12 Nov 2025 in another year. */
export function shortDay(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const year = yearOf(at) === yearOf(now) ? {} : ({ year: "numeric" } as const);
  return formatIn({ day: "numeric", month: "short", ...year }).format(at);
}

/** The clock, for inside a conversation. */
export function clock(iso: string): string {
  return formatIn({ hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(iso));
}

/** A line between two days: Today, Yesterday, Tuesday 17 November. */
export function dayLine(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const days = dayOf(now) - dayOf(at);
  if (days === 0) return t("date.today");
  if (days === 1) return t("date.yesterday");
  const year = yearOf(at) === yearOf(now) ? {} : ({ year: "numeric" } as const);
  return formatIn({ weekday: "long", day: "numeric", month: "long", ...year }).format(at).replace(",", "");
}

export function sameDay(a: string, b: string): boolean {
  return dayOf(new Date(a)) === dayOf(new Date(b));
}

/** Everything, with the zone: for hovering. */
export function exact(iso: string): string {
  return `${formatIn({ dateStyle: "long", timeStyle: "short" }).format(new Date(iso))}, ${zone}`;
}

/** A moment that never comes: what waits until then waits for something else, the customer's reply. */
export const FAR_AWAY = "9999-12-31T23:59:59Z";

export const isFarAway = (iso: string) => iso.startsWith("9999-");

/** A moment to come: 14:30 today, Mon 09:00, 12 Dec. */
export function until(iso: string, now = new Date()): string {
  if (isFarAway(iso)) return t("time.reply");
  const at = new Date(iso);
  const days = dayOf(at) - dayOf(now);
  if (days === 0) return clock(iso);
  if (days > 0 && days <= 6) return `${formatIn({ weekday: "short" }).format(at)} ${clock(iso)}`;
  return shortDay(iso, now);
}

/** The clock on somebody's wall. Empty when the zone is unknown. */
export function clockIn(timeZone: string, now = new Date()): string {
  try {
    return timeZone ? formatIn({ hour: "2-digit", minute: "2-digit", hour12: false }, timeZone).format(now) : "";
  } catch {
    return "";
  }
}

export function monthOf(iso: string): string {
  return formatIn({ month: "short", year: "numeric" }).format(new Date(iso));
}

const byteUnits = ["B", "kB", "MB", "GB"];

/** 180 B, 1.4 kB, 2 MB. */
export function bytes(size: number): string {
  let value = size;
  let step = 0;
  for (; value >= 999.5 && step < byteUnits.length - 1; step++) value /= 1000;
  const digits = step > 0 && value < 9.95 ? 1 : 0;
  return `${new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: digits }).format(value)}\u00a0${byteUnits[step]}`;
}
