import type { ChatSettings, OfficeDay } from "../../client/nouns";

export type Span = { from: string; to: string };
/** The week as one edits it: by weekday (1 is Monday) the spans in which somebody is there. */
export type Week = Record<number, Span[]>;
export type HoursTrouble = "backwards" | "overlap" | "empty";

export const weekdays = [1, 2, 3, 4, 5, 6, 7];
const usual: Span = { from: "09:00", to: "17:00" };

export function weekOf(days: OfficeDay[]): Week {
  return Object.fromEntries(weekdays.map((day) => [day, days.filter((each) => each.day === day).map(({ from, to }) => ({ from, to })).toSorted((a, b) => a.from.localeCompare(b.from))]));
}

export function daysOf(week: Week): OfficeDay[] {
  return weekdays.flatMap((day) => week[day]!.map((span) => ({ day, ...span })));
}

/** What to begin with: weekdays from nine to five. */
export function usualWeek(): Week {
  return weekOf([1, 2, 3, 4, 5].map((day) => ({ day, ...usual })));
}

export function withDay(week: Week, day: number, spans: Span[]): Week {
  return { ...week, [day]: spans };
}

/** One more span after the last one of that day, as long as the day has room. */
export function oneMore(spans: Span[]): Span[] {
  const last = spans.at(-1);
  if (!last) return [usual];
  const start = Math.min(minutesOf(last.to) + 60, 23 * 60);
  return [...spans, { from: clockOf(start), to: clockOf(Math.min(start + 4 * 60, 23 * 60 + 59)) }];
}

/** The same spans on every day that is open; on all seven when asked from a day off nothing is copied. */
export function copiedToAll(week: Week, day: number): Week {
  return Object.fromEntries(weekdays.map((each) => [each, week[day]!.map((span) => ({ ...span }))]));
}

/** What is wrong with one day, if anything. */
export function troubleOf(spans: Span[]): HoursTrouble | null {
  if (spans.some(({ from, to }) => !from || !to)) return "empty";
  if (spans.some(({ from, to }) => minutesOf(from) >= minutesOf(to))) return "backwards";
  const sorted = spans.toSorted((a, b) => minutesOf(a.from) - minutesOf(b.from));
  return sorted.some((span, n) => n > 0 && minutesOf(span.from) < minutesOf(sorted[n - 1]!.to)) ? "overlap" : null;
}

/** The moments around now at which the house opens or closes, as the widget is told them. No hours: always open. */
export function openingAt({ time_zone, days }: ChatSettings["hours"], now: Date): { open: boolean; opens_at: string | null; closes_at: string | null } {
  if (days.length === 0) return { open: true, opens_at: null, closes_at: null };
  const { day, minute } = hereAndNow(time_zone, now);
  const today = days.filter((each) => each.day === day);
  const inside = today.find((each) => minutesOf(each.from) <= minute && minute < minutesOf(each.to));
  const after = (minutes: number) => new Date(now.getTime() + (minutes - minute) * 60_000 - (now.getTime() % 60_000)).toISOString();
  if (inside) return { open: true, opens_at: null, closes_at: after(minutesOf(inside.to)) };
  for (let ahead = 0; ahead <= 7; ahead++) {
    const starts = days.filter((each) => each.day === ((day - 1 + ahead) % 7) + 1).map((each) => minutesOf(each.from) + ahead * 1440);
    const next = starts.filter((each) => each > minute).toSorted((a, b) => a - b)[0];
    if (next !== undefined) return { open: false, opens_at: after(next), closes_at: null };
  }
  return { open: false, opens_at: null, closes_at: null };
}

function hereAndNow(timeZone: string, now: Date): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: timeZone || "UTC", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return { day: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part("weekday")) + 1, minute: (Number(part("hour")) % 24) * 60 + Number(part("minute")) };
}

/** 24:00 closes a day. */
function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
