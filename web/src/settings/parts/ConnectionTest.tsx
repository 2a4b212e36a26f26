import { Button, Card } from "@rapport/ui";
import { messageOf } from "../../client/problem";
import type { NewEmailSettings } from "../../client/nouns";
import { t } from "../../i18n";
import { CheckRow } from "../mail/parts/CheckRow";
import { inboxes, useInboxChange } from "../queries";

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
        {!test.isPending && test.data?.checks.map((check) => <CheckRow key={check.name} title={t(`test.${check.name}`)} state={check.state} message={check.message} hint={check.hint} />)}
      </div>
    </Card>
  );
}
