export type ScheduleChoice = { key: "morning" | "afternoon" | "monday"; at: Date };

/** What a clock in the zone shows: 2026-11-22T09:00, as fields for a date and a time have it. */
export function localIn(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The moment at which a clock in the zone shows that. Asked twice, because the first guess may lie on the other side of a change of the clocks. */
export function zoned(local: string, timeZone: string): Date {
  const shown = Date.parse(`${local}Z`);
  let at = shown;
  for (let n = 0; n < 2; n++) at += shown - Date.parse(`${localIn(new Date(at), timeZone)}Z`);
  return new Date(at);
}

/** The usual moments to send: tomorrow at nine and at two, Monday at nine, on the clock of the person. */
export function scheduleChoices(now: Date, timeZone: string): ScheduleChoice[] {
  const today = localIn(now, timeZone).slice(0, 10);
  const at = (days: number, clock: string) => zoned(`${new Date(Date.parse(`${today}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)}T${clock}`, timeZone);
  const toMonday = (8 - new Date(`${today}T00:00Z`).getUTCDay()) % 7 || 7;
  return [
    { key: "morning", at: at(1, "09:00") },
    { key: "afternoon", at: at(1, "14:00") },
    ...(toMonday > 1 ? [{ key: "monday" as const, at: at(toMonday, "09:00") }] : []),
  ];
}
