import { Button, Card, CodeLine, Icon } from "@rapport/ui";
import type { DNSLine } from "../../../client/nouns";
import { messageOf } from "../../../client/problem";
import { t } from "../../../i18n";
import { useDomainCheck, useNewKey, whats, type What } from "../domainChecks";
import { CheckRow } from "./CheckRow";

/** What others are told about mail of the domain, and the lines to publish. */
export function DomainCard({ address, host }: { address: string; host: string }) {
  const checks = { spf: useDomainCheck("spf", address, host), dkim: useDomainCheck("dkim", address, host), dmarc: useDomainCheck("dmarc", address, host) };
  const running = whats.some((what) => checks[what].isFetching);
  const again = () => { for (const what of whats) void checks[what].refetch(); };
  return (
    <Card title={t("dns.title", { domain: address.split("@").at(-1) ?? "" })} end={<Button size="compact" icon="retry" busy={running} onClick={again}>{t("dns.again")}</Button>}>
      <div className="checks" role="status">
        {whats.map((what) => <Row key={what} what={what} check={checks[what]} address={address} host={host} />)}
      </div>
    </Card>
  );
}

function Row({ what, check, address, host }: { what: What; check: ReturnType<typeof useDomainCheck>; address: string; host: string }) {
  const title = t(`dns.${what}`);
  const make = useNewKey(address, host);
  const found = check.data;
  if (check.error) return <CheckRow title={title} state="failed" message={messageOf(check.error)} />;
  if (!found) return <div className="check-row"><span className="bullet-place"><i className="bullet" /></span><div className="grow"><b>{title}</b><p className="quiet">{t("dns.looking")}</p></div></div>;
  return (
    <CheckRow title={title} state={found.state} message={found.message} hint={found.hint}>
      {found.lines.map((line) => <Line key={line.name} line={line} />)}
      {make.error && <p className="bad">{messageOf(make.error)}</p>}
      {found.can_make_key && <p className="row-action"><Button size="compact" icon="key" busy={make.isPending} onClick={() => make.mutate()}>{found.lines.length ? t("dns.key.renew") : t("dns.key.make")}</Button></p>}
    </CheckRow>
  );
}

/** A record as the forms of domain providers want it: its name, then its value. */
function Line({ line }: { line: DNSLine }) {
  if (line.seen) return <p className="dns-seen"><Icon name="check" size={12} />{t("dns.seen", { name: line.name })}</p>;
  return (
    <div className="dns-line" role="group" aria-label={t("dns.line", { type: line.type, name: line.name })}>
      <span>{t("dns.name", { type: line.type })}</span><CodeLine text={line.name} copyLabel={t("dns.copy.name")} copiedLabel={t("dns.copied")} />
      <span>{t("dns.value")}</span><CodeLine text={line.value} copyLabel={t("dns.copy.value")} copiedLabel={t("dns.copied")} />
    </div>
  );
}
