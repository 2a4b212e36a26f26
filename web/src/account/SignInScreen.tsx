import { Link, useSearch } from "@tanstack/react-router";
import { TextField } from "@rapport/ui";
import { useState } from "react";
import { isProblem } from "../client/problem";
import { t } from "../i18n";
import { Door } from "./parts/Door";
import { account } from "./queries";
import { useEnter } from "./useEnter";
import { useForm } from "./useForm";

/** Address and password, and the code of the second step when it is on. */
export function SignInScreen() {
  const { next } = useSearch({ from: "/sign-in" });
  const [asksCode, setAsksCode] = useState(false);
  const [recovers, setRecovers] = useState(false);
  const form = useForm({ email: "", password: "", code: "" });
  const enter = useEnter();
  const submit = () =>
    form.run(async ({ email, password, code }) => {
      try {
        await enter(await account.signIn({ email, password, ...(code && { code: code.replace(/\s/g, "") }) }), next);
      } catch (error) {
        if (isProblem(error, "totp-required")) return setAsksCode(true);
        throw error;
      }
    });
  return (
    <Door
      title={asksCode ? t("account.code") : t("account.signIn")} why={asksCode ? t(recovers ? "account.recovery.why" : "account.code.why") : undefined} wrong={form.wrong} busy={form.busy} action={t("account.signIn")} onSubmit={submit}
      below={asksCode ? !recovers && <button type="button" className="link" onClick={() => setRecovers(true)}>{t("account.recovery")}</button> : <Link className="link" to="/forgotten">{t("account.forgotten")}</Link>}
    >
      {asksCode ? (
        <TextField key={String(recovers)} label={t(recovers ? "account.recoveryField" : "account.codeField")} inputMode={recovers ? "text" : "numeric"} autoComplete="one-time-code" autoFocus required {...form.field("code")} />
      ) : (
        <>
          <TextField label={t("field.email")} type="email" autoComplete="username" autoFocus required {...form.field("email")} />
          <TextField label={t("field.password")} type="password" autoComplete="current-password" required {...form.field("password")} />
        </>
      )}
    </Door>
  );
}
