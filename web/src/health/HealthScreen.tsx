import { Banner, Button, Icon, type IconName } from "@rapport/ui";
import { Ago } from "../app/Ago";
import { Page } from "../app/Page";
import { messageOf } from "../client/problem";
import type { CheckState, Health } from "../client/nouns";
import { t } from "../i18n";
import { clock } from "../i18n/dates";
import { HealthPlaces } from "./parts/HealthPlaces";
import { JobsCard } from "./parts/JobsCard";
import { MailCounts } from "./parts/MailCounts";
import { MailsTable } from "./parts/MailsTable";
import { useHealth, useMails } from "./queries";

const icons: Record<Health["checks"][number]["key"], IconName> = { database: "database", mailboxes: "mail", quarantine: "ban", jobs: "stack", outbox: "send", cookies: "lock", disk: "disk", readers: "layers", backups: "archive", nodes: "globe", files: "attach" };
const marks: Record<CheckState, { icon: IconName; tone: string }> = {
  ok: { icon: "checkCircle", tone: "good" },
  warning: { icon: "alert", tone: "warn" },
  failed: { icon: "alertCircle", tone: "bad" },
};

/** Whether everything works, in one sentence; then each part; then what waits for a person. */
export function HealthScreen() {
  const { data, error, refetch, isFetching, dataUpdatedAt } = useHealth();
  const trouble = data?.checks.filter((check) => check.state !== "ok") ?? [];
  const failed = trouble.some((check) => check.state === "failed");
  return (
    <>
      <HealthPlaces />
      <Page
        title={!data ? t("frame.health") : trouble.length === 0 ? t("health.fine") : t(failed ? "health.broken" : "health.needsYou", { n: trouble.length })}
        sub={data && <>{t("health.version", { version: data.version })} · {t("health.upSince")} <Ago at={data.started_at} /> · {t("health.asOf", { time: clock(new Date(dataUpdatedAt).toISOString()) })}</>}
        actions={<Button icon="retry" busy={isFetching} onClick={() => void refetch()}>{t("health.checkNow")}</Button>}
      >
        {error && <Banner tone="danger" icon="alertCircle">{messageOf(error)}</Banner>}
        {trouble.map((check) => <Banner key={check.key} tone={check.state === "failed" ? "danger" : "warning"}><b>{t(`health.check.${check.key}`)}.</b> {check.message}</Banner>)}
        {data && <CheckGrid health={data} />}
        <Quarantine />
        {data && <MailCounts inboxes={data.inboxes} />}
        <JobsCard onlyWhenAny />
      </Page>
    </>
  );
}

/** Each part in a few words; what is wrong is said in full above. */
function CheckGrid({ health }: { health: Health }) {
  return (
    <section className="card check-grid">
      {health.checks.map((check) => {
        const { icon, tone } = marks[check.state];
        return (
          <div key={check.key} className="check-cell">
            <div className="head-line">
              <Icon name={icons[check.key]} />
              {t(`health.check.${check.key}`)}
              <span className={`state ${tone}`} title={t(`health.state.${check.state}`)}><Icon name={icon} /><span className="only-read">{t(`health.state.${check.state}`)}</span></span>
            </div>
            <p>{check.state === "ok" ? check.message : t(`health.state.${check.state}`)}</p>
          </div>
        );
      })}
    </section>
  );
}

function Quarantine() {
  const { data: mails = [] } = useMails("quarantined");
  if (mails.length === 0) return null;
  return (
    <section className="card">
      <header className="card-head"><h3>{t("health.quarantine")}</h3><span className="chip">{mails.length}</span></header>
      <MailsTable mails={mails} />
    </section>
  );
}
