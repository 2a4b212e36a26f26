import { Button, Chip, Empty, showToast } from "@rapport/ui";
import { Ago } from "../../app/Ago";
import { Failed } from "../../app/Failed";
import type { Job, ParkedEvent } from "../../client/nouns";
import { t } from "../../i18n";
import { until } from "../../i18n/dates";
import { useInboxes } from "../../settings/queries";
import { health, useJobs, useParked, useRepair } from "../queries";

const known = ["channel.intake", "channel.release", "channel.send", "app.letter", "blobs.collect", "accounts.sweep"] as const;

/** What a kind of job does, in words. */
function wordsFor(kind: string): string {
  const named = known.find((each) => each === kind);
  return named ? t(`jobs.kind.${named}`) : kind;
}

/** Work that failed: jobs that gave up or try again, and events a reader has put aside. */
export function JobsCard({ onlyWhenAny = false }: { onlyWhenAny?: boolean }) {
  const jobs = useJobs();
  const parked = useParked();
  const error = jobs.error ?? parked.error;
  if (error) return <Failed error={error} onRetry={() => Promise.all([jobs.refetch(), parked.refetch()])} />;
  if (!jobs.data || !parked.data) return null;
  const total = jobs.data.length + parked.data.length;
  if (total === 0) return onlyWhenAny ? null : <Empty icon="checkCircle" title={t("jobs.none")} why={t("jobs.none.why")} />;
  return (
    <section className="card">
      <header className="card-head"><h3>{t("health.jobs")}</h3><span className="chip">{total}</span></header>
      <div className="table-wrap">
        <table className="table">
          <thead><tr><th>{t("jobs.what")}</th><th className="roomy">{t("jobs.for")}</th><th>{t("jobs.lastError")}</th><th className="end roomy">{t("jobs.tries")}</th><th className="roomy">{t("jobs.next")}</th><th><span className="only-read">{t("action.more")}</span></th></tr></thead>
          <tbody>
            {jobs.data.map((job) => <JobRow key={job.id} job={job} />)}
            {parked.data.map((event) => <ParkedRow key={`${event.reader}-${event.seq}`} event={event} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function JobRow({ job }: { job: Job }) {
  const retry = useRepair(health.retryJob);
  const drop = useRepair(health.dropJob);
  const inbox = useInboxes().find((each) => job.subject === `inbox:${each.id}`);
  return (
    <tr>
      <td><b title={job.kind}>{wordsFor(job.kind)}</b></td>
      <td className="limit roomy"><span className="cut">{inbox?.name ?? job.subject}</span></td>
      <td className="limit"><span className="cut" title={job.last_error}>{job.last_error}</span></td>
      <td className="end number roomy">{job.attempt} / {job.max_attempts}</td>
      <td className="quiet nowrap roomy">{job.state === "dead" ? <Chip tone="danger">{t("jobs.stopped")}</Chip> : until(job.run_at)}</td>
      <td className="end nowrap">
        <Button size="compact" icon="retry" busy={retry.isPending} onClick={() => retry.mutate(job.id, { onSuccess: () => showToast({ text: t("jobs.retried"), seconds: 4 }) })} aria-label={t("action.retry")}><span className="roomy">{t("action.retry")}</span></Button>{" "}
        <Button size="compact" look="bare" busy={drop.isPending} onClick={() => drop.mutate(job.id)}>{t("mails.discard")}</Button>
      </td>
    </tr>
  );
}

function ParkedRow({ event }: { event: ParkedEvent }) {
  const retry = useRepair(health.retryParked);
  return (
    <tr>
      <td><b>{event.kind}</b></td>
      <td className="roomy">{event.reader} #{event.seq}</td>
      <td className="limit"><span className="cut" title={event.error}>{event.error}</span></td>
      <td className="end roomy" />
      <td className="quiet nowrap roomy"><Ago at={event.at} /></td>
      <td className="end"><Button size="compact" icon="retry" busy={retry.isPending} onClick={() => retry.mutate(event)}>{t("action.retry")}</Button></td>
    </tr>
  );
}
