import { Places } from "../../app/Page";
import { t } from "../../i18n";
import { useHealth, useJobs, useParked } from "../queries";

export function HealthPlaces() {
  const quarantined = useHealth().data?.counters.quarantined;
  const stopped = (useJobs().data?.length ?? 0) + (useParked().data?.length ?? 0);
  return (
    <Places
      title={t("frame.health")}
      groups={[
        {
          places: [
            { to: "/health", icon: "pulse", label: t("health.overview") },
            { to: "/health/mails", search: { state: "quarantined" }, icon: "ban", label: t("health.quarantine"), count: quarantined },
            { to: "/health/mails", search: { state: undefined }, icon: "mail", label: t("health.mails") },
            { to: "/health/jobs", icon: "stack", label: t("health.jobs"), count: stopped },
          ],
        },
      ]}
    />
  );
}
