import { Link, useParams } from "@tanstack/react-router";
import { TextField } from "@rapport/ui";
import { useState } from "react";
import { t } from "../i18n";
import { Door } from "./parts/Door";
import { account } from "./queries";
import { useForm } from "./useForm";

const toSignIn = () => <Link className="link" to="/sign-in">{t("account.signIn")}</Link>;

/** Asks for a link by mail; the answer never tells whether the address is known. */
export function ForgottenScreen() {
  const [sent, setSent] = useState(false);
  const form = useForm({ email: "" });
  if (sent) return <Door title={t("account.linkSent")} why={t("account.linkSent.why", { email: form.values.email })} below={toSignIn()} />;
  return (
    <Door
      title={t("account.forgotten")} why={t("account.forgotten.why")} wrong={form.wrong} busy={form.busy} action={t("account.sendLink")} below={toSignIn()}
      onSubmit={() => form.run(async ({ email }) => { await account.askReset(email); setSent(true); })}
    >
      <TextField label={t("field.email")} type="email" autoComplete="username" autoFocus required {...form.field("email")} />
    </Door>
  );
}

export function ResetScreen() {
  const { token } = useParams({ from: "/reset/$token" });
  const [done, setDone] = useState(false);
  const form = useForm({ password: "" });
  if (done) return <Door title={t("account.newPassword.done")} below={toSignIn()} />;
  return (
    <Door
      title={t("account.newPassword")} wrong={form.wrong} busy={form.busy} action={t("action.save")} below={form.wrong && <Link className="link" to="/forgotten">{t("account.forgotten")}</Link>}
      onSubmit={() => form.run(async ({ password }) => { await account.reset({ token, password }); setDone(true); })}
    >
      <TextField label={t("field.newPassword")} type="password" autoComplete="new-password" minLength={10} hint={t("field.password.hint")} autoFocus required {...form.field("password")} />
    </Door>
  );
}
