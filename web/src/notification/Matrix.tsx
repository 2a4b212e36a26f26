import { Card, Icon, type IconName } from "@rapport/ui";
import type { NotificationSettings } from "../client/nouns";
import { t } from "../i18n";
import { turned, ways, type Way } from "./settings";

const icons: Record<Way, IconName> = { app: "bell", sound: "pulse", push: "phone", mail: "mail" };

/** What happens, by how I am told of it. */
export function Matrix({ settings, onChange }: { settings: NotificationSettings; onChange: (next: NotificationSettings) => void }) {
  return (
    <Card title={t("notification.matrix")}>
      <div className="matrix-scroll">
        <table className="matrix">
          <thead>
            <tr>
              <th scope="col"><span className="hidden">{t("notification.event")}</span></th>
              {ways.map((way) => <th key={way} scope="col"><span className="way"><Icon name={icons[way]} /><span>{t(`notification.way.${way}`)}</span></span></th>)}
            </tr>
          </thead>
          <tbody>
            {settings.matrix.map((row) => (
              <tr key={row.event}>
                <th scope="row">{t(`notification.event.${row.event}`)}</th>
                {ways.map((way) => (
                  <td key={way}>
                    <label className="cell">
                      <input type="checkbox" className="checkbox" checked={row[way]} onChange={() => onChange(turned(settings, row.event, way))} aria-label={`${t(`notification.event.${row.event}`)}: ${t(`notification.way.${way}`)}`} />
                    </label>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="card-body quiet small">{t("notification.matrix.hint")}</p>
    </Card>
  );
}
