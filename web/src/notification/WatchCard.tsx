import { Card, Checkbox } from "@rapport/ui";
import type { NotificationSettings } from "../client/nouns";
import { t } from "../i18n";
import { useInboxes } from "../settings/queries";

/** Which inboxes tell of new conversations. */
export function WatchCard({ settings, onChange }: { settings: NotificationSettings; onChange: (next: NotificationSettings) => void }) {
  const inboxes = useInboxes();
  const watched = settings.watched_inbox_ids;
  const turn = (id: number) => onChange({ ...settings, watched_inbox_ids: watched.includes(id) ? watched.filter((each) => each !== id) : [...watched, id] });
  return (
    <Card title={t("notification.watched")}>
      <div className="card-body">
        <p className="quiet">{t("notification.watched.why")}</p>
        {inboxes.map((inbox) => <Checkbox key={inbox.id} label={<span dir="auto">{inbox.name}</span>} checked={watched.includes(inbox.id)} onChange={() => turn(inbox.id)} />)}
      </div>
    </Card>
  );
}
