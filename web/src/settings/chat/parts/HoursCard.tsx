import { Card, IconButton, Select, Switch } from "@rapport/ui";
import { currentLanguage, t } from "../../../i18n";
import type { ChatForm, SetChat } from "../chatForm";
import { copiedToAll, oneMore, troubleOf, usualWeek, weekdays, withDay, type Span } from "../hours";

/** When somebody is there. Outside of it the chat says when it opens again; it takes messages all the same. */
export function HoursCard({ form, set }: { form: ChatForm; set: SetChat }) {
  const zones = [...new Set([form.timeZone, "UTC", ...Intl.supportedValuesOf("timeZone")])];
  function always(on: boolean) {
    const isEmpty = weekdays.every((day) => form.week[day]!.length === 0);
    set({ always: on, ...(!on && isEmpty && { week: usualWeek() }) });
  }
  return (
    <Card title={t("chat.hours")} end={<Switch label={t("chat.hours.always")} on={form.always} onChange={always} />}>
      <div className="card-body">
        <p className="quiet">{t(form.always ? "chat.hours.always.why" : "chat.hours.why")}</p>
        {!form.always && (
          <>
            <div className="week">
              {weekdays.map((day) => (
                <Day key={day} day={day} spans={form.week[day]!} onChange={(spans) => set({ week: withDay(form.week, day, spans) })} onCopy={() => set({ week: copiedToAll(form.week, day) })} />
              ))}
            </div>
            <Select label={t("field.timeZone")} value={form.timeZone} onChange={(event) => set({ timeZone: event.target.value })}>
              {zones.map((zone) => <option key={zone}>{zone}</option>)}
            </Select>
          </>
        )}
      </div>
    </Card>
  );
}

// A clock ends at 23:59, a day at 24:00: whoever picks the one means the other.
const LAST_MINUTE = "23:59";
const MIDNIGHT = "24:00";

type DayProps = { day: number; spans: Span[]; onChange: (spans: Span[]) => void; onCopy: () => void };

function Day({ day, spans, onChange, onCopy }: DayProps) {
  const name = dayName(day);
  const trouble = troubleOf(spans);
  const put = (at: number, patch: Partial<Span>) => onChange(spans.map((span, n) => (n === at ? { ...span, ...patch } : span)));
  return (
    <div role="group" className="office-day" aria-label={name}>
      <Switch label={name} on={spans.length > 0} onChange={(on) => onChange(on ? oneMore([]) : [])} />
      <div className="spans">
        {spans.length === 0 && <span className="quiet">{t("chat.hours.closed")}</span>}
        {spans.map((span, n) => (
          <div className="span" key={n}>
            <input className="input" type="time" aria-label={t("chat.hours.from", { day: name })} value={span.from} onChange={(event) => put(n, { from: event.target.value })} />
            <span className="quiet" aria-hidden="true">–</span>
            <input className="input" type="time" aria-label={t("chat.hours.to", { day: name })} value={span.to === MIDNIGHT ? LAST_MINUTE : span.to} onChange={(event) => put(n, { to: event.target.value === LAST_MINUTE ? MIDNIGHT : event.target.value })} />
            {spans.length > 1 && <IconButton small icon="x" label={t("chat.hours.remove", { day: name })} onClick={() => onChange(spans.filter((_, at) => at !== n))} />}
          </div>
        ))}
        {trouble && <p className="wrong bad small" role="alert">{t(`chat.hours.trouble.${trouble}`)}</p>}
      </div>
      {spans.length > 0 && (
        <span className="day-tools">
          <IconButton small icon="plus" label={t("chat.hours.more", { day: name })} onClick={() => onChange(oneMore(spans))} />
          <IconButton small icon="copy" label={t("chat.hours.copy", { day: name })} onClick={onCopy} />
        </span>
      )}
    </div>
  );
}

const MONDAY = Date.UTC(2024, 0, 1);

function dayName(day: number): string {
  const name = new Intl.DateTimeFormat(currentLanguage(), { weekday: "long", timeZone: "UTC" }).format(MONDAY + (day - 1) * 86_400_000);
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}
