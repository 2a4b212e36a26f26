import { Page } from "../app/Page";
import { t } from "../i18n";
import { HealthPlaces } from "./parts/HealthPlaces";
import { JobsCard } from "./parts/JobsCard";

export function JobsScreen() {
  return (
    <>
      <HealthPlaces />
      <Page title={t("health.jobs")} sub={t("jobs.why")}>
        <JobsCard />
      </Page>
    </>
  );
}
