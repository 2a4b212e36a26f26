import { Card, Checkbox, Switch, TextField } from "@rapport/ui";
import type { NotificationSettings } from "../client/nouns";
import { t } from "../i18n";

type Props = { settings: NotificationSettings; wrong: (field: string) => string | null; onChange: (next: NotificationSettings) => void };

/** When nothing but the screen may speak. */
export function QuietCard({ settings, wrong, onChange }: Props) {
  const { quiet } = settings;
  const set = (change: Partial<NotificationSettings["quiet"]>) => onChange({ ...settings, quiet: { ...quiet, ...change } });
  return (
    <Card title={t("notification.quiet")} end={<Switch label={quiet.on ? t("notification.on") : t("notification.off")} on={quiet.on} onChange={(on) => set({ on })} />}>
      <div className="card-body">
        <p className="quiet">{t("notification.quiet.why")}</p>
        {quiet.on && (
          <>
            <div className="quiet-hours">
              <TextField label={t("notification.quiet.from")} type="time" required value={quiet.from} wrong={wrong("from")} onChange={(event) => set({ from: event.target.value })} />
              <TextField label={t("notification.quiet.to")} type="time" required value={quiet.to} wrong={wrong("to")} onChange={(event) => set({ to: event.target.value })} />
              <TextField label={t("notification.quiet.zone")} list="time-zones" value={quiet.time_zone} wrong={wrong("time_zone")} onChange={(event) => set({ time_zone: event.target.value })} />
            </div>
            <datalist id="time-zones">{Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}</datalist>
            <Checkbox label={t("notification.quiet.weekend")} checked={quiet.weekend} onChange={() => set({ weekend: !quiet.weekend })} />
            <Checkbox label={t("notification.quiet.urgent")} checked={quiet.urgent} onChange={() => set({ urgent: !quiet.urgent })} />
          </>
        )}
      </div>
    </Card>
  );
}
