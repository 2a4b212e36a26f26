import { Button, Card } from "@rapport/ui";
import { messageOf } from "../../../client/problem";
import { t } from "../../../i18n";
import type { MailForm } from "../../mailServers";
import { checkable, useServerCheck, type Kind } from "../recognition";
import { CheckRow } from "./CheckRow";

type Settings = ReturnType<typeof checkable>;

/** Each server is tried by itself as soon as its fields are filled in and left. */
export function ServerChecks({ form }: { form: MailForm }) {
  const [imap, smtp] = [form.receives ? checkable(form, "imap") : null, form.sends ? checkable(form, "smtp") : null];
  const checks = { imap: useServerCheck("imap", imap), smtp: useServerCheck("smtp", smtp) };
  const again = () => { for (const check of Object.values(checks)) if (check.isFetched) void check.refetch(); };
  const running = checks.imap.isFetching || checks.smtp.isFetching;
  return (
    <Card title={t("test.title")} end={<Button size="compact" icon="retry" busy={running} disabled={!imap && !smtp} onClick={again}>{t("test.do")}</Button>}>
      <div className="checks" role="status">
        {form.receives && <Row kind="imap" settings={imap} check={checks.imap} />}
        {form.sends && <Row kind="smtp" settings={smtp} check={checks.smtp} />}
        {!form.receives && !form.sends && <p className="check-row quiet">{t("test.door")}</p>}
      </div>
    </Card>
  );
}

function Row({ kind, settings, check }: { kind: Kind; settings: Settings; check: ReturnType<typeof useServerCheck> }) {
  const title = t(`test.${kind}`);
  if (settings && check.isFetching) return <Waiting title={title} words={t("test.trying", { host: settings.server.host })} />;
  if (!settings || (!check.data && !check.error)) return <Waiting title={title} words={t("test.later")} />;
  if (check.error) return <CheckRow title={title} state="failed" message={messageOf(check.error)} />;
  return <CheckRow title={title} state={check.data!.state} message={check.data!.message} hint={check.data!.hint} />;
}

function Waiting({ title, words }: { title: string; words: string }) {
  return (
    <div className="check-row">
      <span className="bullet-place"><i className="bullet" /></span>
      <div className="grow"><b>{title}</b><p className="quiet">{words}</p></div>
    </div>
  );
}
