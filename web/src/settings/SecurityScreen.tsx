import { Button, Card, Chip, showToast, TextField } from "@rapport/ui";
import { account, accountKeys, useAccountChange, useSessions } from "../account/queries";
import { useForm } from "../account/useForm";
import { Ago } from "../app/Ago";
import { Page } from "../app/Page";
import type { Session } from "../client/nouns";
import { t } from "../i18n";
import { TotpCard } from "./parts/TotpCard";

/** Password, second step, and where one is signed in. */
export function SecurityScreen() {
  return (
    <Page title={t("settings.security")}>
      <div className="column">
        <PasswordCard />
        <TotpCard />
        <SessionsCard />
      </div>
    </Page>
  );
}

function PasswordCard() {
  const form = useForm({ current: "", new: "" });
  async function submit() {
    if (!(await form.run(account.changePassword))) return;
    form.setValues({ current: "", new: "" });
    showToast({ text: t("security.passwordChanged"), seconds: 4 });
  }
  return (
    <Card title={t("field.password")}>
      <form className="card-body" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        {form.wrong && <p className="bad" role="alert">{form.wrong}</p>}
        <TextField label={t("security.currentPassword")} type="password" autoComplete="current-password" required {...form.field("current")} />
        <TextField label={t("field.newPassword")} type="password" autoComplete="new-password" minLength={10} hint={t("field.password.hint")} required {...form.field("new")} />
        <div><Button type="submit" busy={form.busy}>{t("security.changePassword")}</Button></div>
      </form>
    </Card>
  );
}

function SessionsCard() {
  const { data: sessions = [] } = useSessions();
  const end = useAccountChange(account.endSession, [accountKeys.sessions]);
  return (
    <Card title={t("security.sessions")}>
      <ul className="rows">
        {sessions.map((session) => (
          <li key={session.id}>
            <div className="grow">
              <b>{deviceOf(session)}</b>
              <div className="quiet">{session.ip} · <Ago at={session.last_seen_at} /></div>
            </div>
            {session.current ? <Chip tone="success">{t("security.thisOne")}</Chip> : <Button size="compact" onClick={() => end.mutate(session.id)}>{t("security.end")}</Button>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Browser and system, as far as the browser says. */
export function deviceOf({ user_agent }: Pick<Session, "user_agent">): string {
  const browser = /Edg\//.test(user_agent) ? "Edge" : /Firefox\//.test(user_agent) ? "Firefox" : /Chrome\//.test(user_agent) ? "Chrome" : /Safari\//.test(user_agent) ? "Safari" : user_agent.split("/")[0];
  const system = /iPhone|iPad/.test(user_agent) ? "iOS" : /Android/.test(user_agent) ? "Android" : /Mac OS/.test(user_agent) ? "macOS" : /Windows/.test(user_agent) ? "Windows" : /Linux/.test(user_agent) ? "Linux" : "";
  return [browser, system].filter(Boolean).join(", ");
}
