import { useSearch } from "@tanstack/react-router";
import { Empty } from "@rapport/ui";
import { Failed } from "../app/Failed";
import { Page } from "../app/Page";
import { t } from "../i18n";
import { HealthPlaces } from "./parts/HealthPlaces";
import { MailsTable } from "./parts/MailsTable";
import { useMails } from "./queries";

/** Every mail that came to the door, or only those in quarantine. */
export function MailsScreen() {
  const { state = "" } = useSearch({ from: "/gate/health/mails" });
  const { data: mails = [], isPending, error, refetch } = useMails(state);
  const quarantine = state === "quarantined";
  return (
    <>
      <HealthPlaces />
      <Page title={quarantine ? t("health.quarantine") : t("health.mails")} sub={!quarantine ? t("mails.all") : mails.length > 0 ? t("mails.safe") : undefined}>
        {error ? (
          <Failed error={error} onRetry={refetch} />
        ) : mails.length === 0 && !isPending ? (
          <Empty icon="mail" title={quarantine ? t("mails.noQuarantine") : t("mails.none")} why={quarantine ? t("mails.noQuarantine.why") : undefined} />
        ) : (
          <div className="card"><MailsTable mails={mails} showState={!quarantine} /></div>
        )}
      </Page>
    </>
  );
}
