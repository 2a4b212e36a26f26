import { Button, Card, CodeLine, Icon, TextField } from "@rapport/ui";
import { useState } from "react";
import { Failed } from "../../../app/Failed";
import { messageOf, Problem } from "../../../client/problem";
import type { Authorization, NewAuthorization } from "../../../client/nouns";
import { t, type MessageKey } from "../../../i18n";
import { byEnter, useMailApps, useSetOut, type AppFields } from "../signIn";

type Way = "google" | "microsoft" | "custom";

const consoles: Record<Way, string> = { google: "https://console.cloud.google.com/apis/credentials", microsoft: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade", custom: "" };

/** Signing in at the provider's own page. The first time the company registers an app there; the steps and the address to copy stand here. */
export function SignInCard({ way, name, address, hosts, signedIn, initial, onLeave }: {
  way: Way; name: string; address: string; hosts: { imap_host: string; smtp_host: string }; signedIn: Authorization | undefined; initial: AppFields | undefined; onLeave: (fields: AppFields) => void;
}) {
  const [fields, setFields] = useState(initial ?? { client_id: "", client_secret: "", tenant: "", authorize_url: "", token_url: "", scope: "" });
  const [another, setAnother] = useState(false);
  const { data: apps, error, refetch } = useMailApps();
  const setOut = useSetOut();
  if (error) return <Failed error={error} onRetry={refetch} />;
  if (!apps) return null;
  const known = way === "custom" ? undefined : apps.items.find((app) => app.provider === way);
  const about = (field: string) => (setOut.error instanceof Problem ? setOut.error.about(field) : null);
  const field = (key: keyof AppFields, more: { required?: boolean; type?: string; placeholder?: string; hint?: string } = {}) => (
    <TextField label={t(`signin.${key}`)} spellCheck={false} autoComplete="off" {...more} value={fields[key]} wrong={about(key)} onChange={(event) => { const { value } = event.target; setFields((now) => ({ ...now, [key]: value })); }} />
  );
  const asks = !known || another;
  const leaving = setOut.isPending || setOut.isSuccess;
  const ready = address.includes("@") && Boolean(known || (fields.client_id && fields.client_secret)) && !leaving;
  function leave() {
    if (!ready) return;
    const { client_id, client_secret, tenant, ...custom } = fields;
    const asked: NewAuthorization = { address: address.trim(), provider: way, client_id, client_secret, ...(way === "microsoft" && { tenant }), ...(way === "custom" && { custom: { ...custom, ...hosts } }) };
    onLeave(fields);
    setOut.mutate(asked);
  }
  const withName = { name };
  if (signedIn?.state === "given" && !another) {
    return (
      <Card title={t("signin.title", withName)} end={<Button size="compact" look="bare" onClick={() => setAnother(true)}>{t("signin.again")}</Button>}>
        <div className="checks" role="status"><p className="signed-in"><span className="good"><Icon name="checkCircle" size={20} /></span>{t("signin.done", { address: signedIn.address, name: signedIn.name })}</p></div>
      </Card>
    );
  }
  return (
    <Card title={t("signin.title", withName)} end={known && !another && <Button size="compact" look="bare" onClick={() => setAnother(true)}>{t("signin.otherApp")}</Button>}>
      <div className="card-body" onKeyDown={byEnter(leave)}>
        {asks && <p className="quiet">{t(`signin.steps.${way}` as MessageKey)} {consoles[way] && <a className="link" href={consoles[way]} target="_blank" rel="noreferrer">{t("signin.console", withName)}</a>}</p>}
        {asks && <div><p className="quiet small">{t("signin.redirect")}</p><CodeLine text={apps.redirect_url} copyLabel={t("signin.copy")} copiedLabel={t("dns.copied")} /></div>}
        {asks && way === "custom" && <>{field("authorize_url", { placeholder: "https://", type: "url" })}{field("token_url", { placeholder: "https://", type: "url" })}{field("scope")}</>}
        {asks && <>{field("client_id")}{field("client_secret", { type: "password", hint: t("signin.secret.hint") })}</>}
        {asks && way === "microsoft" && field("tenant", { hint: t("signin.tenant.hint") })}
        {!asks && <p className="quiet">{t("signin.app", { id: known.client_id })}</p>}
        {setOut.error && <p className="bad" role="alert">{messageOf(setOut.error)}</p>}
        <p><Button icon="key" busy={leaving} disabled={!ready} onClick={leave}>{t("signin.do", withName)}</Button></p>
      </div>
    </Card>
  );
}
