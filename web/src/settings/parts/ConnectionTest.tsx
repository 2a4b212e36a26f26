import { Button, Card, Icon, type IconName } from "@rapport/ui";
import { messageOf } from "../../client/problem";
import type { ConnectionCheck, NewEmailSettings } from "../../client/nouns";
import { t } from "../../i18n";
import { inboxes, useInboxChange } from "../queries";

const marks: Record<ConnectionCheck["state"], { icon: IconName; tone: string }> = {
  ok: { icon: "checkCircle", tone: "good" },
  warning: { icon: "alert", tone: "warn" },
  failed: { icon: "alertCircle", tone: "bad" },
};

/** Tries the servers and says of each in words how it went, and what to do. */
export function ConnectionTest({ email, inboxId }: { email: NewEmailSettings; inboxId: number | undefined }) {
  const test = useInboxChange(inboxes.test, true);
  const ready = email.address.includes("@") && Boolean(email.smtp?.host || email.imap?.host);
  return (
    <Card title={t("test.title")} end={<Button size="compact" icon="retry" busy={test.isPending} disabled={!ready} onClick={() => test.mutate({ email, inbox_id: inboxId })}>{t("test.do")}</Button>}>
      <div className="checks" role="status">
        {test.isPending && <p className="check-row quiet">{t("test.running")}</p>}
        {test.error && <p className="check-row bad">{messageOf(test.error)}</p>}
        {!test.data && !test.isPending && !test.error && <p className="check-row quiet">{t("test.why")}</p>}
        {!test.isPending && test.data?.checks.map((check) => <CheckRow key={check.name} check={check} />)}
      </div>
    </Card>
  );
}

function CheckRow({ check }: { check: ConnectionCheck }) {
  const { icon, tone } = marks[check.state];
  return (
    <div className="check-row">
      <span className={tone}><Icon name={icon} size={20} /></span>
      <div className="grow">
        <b>{t(`test.${check.name}`)}</b>
        <p>{check.message}</p>
        {check.hint && <p className="quiet">{check.hint}</p>}
      </div>
    </div>
  );
}
