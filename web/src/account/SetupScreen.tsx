import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { TextField } from "@rapport/ui";
import { api } from "../client/fetch";
import { messageOf } from "../client/problem";
import { t } from "../i18n";
import { Door } from "./parts/Door";
import { account } from "./queries";
import { useEnterNew } from "./useEnter";
import { useForm } from "./useForm";

/** The first run: names the workspace and makes its owner. Works once, with the link the server printed. */
export function SetupScreen() {
  const { token = "" } = useSearch({ from: "/setup" });
  const { data, error } = useQuery({ queryKey: ["setup", token], queryFn: () => api.get<{ needed: boolean; token_valid: boolean }>("/setup", { token }), retry: false });
  const form = useForm({ workspace: "", name: "", email: "", password: "" });
  const enter = useEnterNew();
  if (error) return <Door title={t("setup.title")} wrong={messageOf(error)} />;
  if (!data) return <Door title={t("setup.title")} />;
  if (!data.needed) return <Door title={t("setup.done")} below={<Link className="link" to="/sign-in">{t("account.signIn")}</Link>} />;
  if (!data.token_valid) return <Door title={t("setup.badLink")} why={t("setup.badLink.why")} />;
  return (
    <Door
      title={t("setup.title")} why={t("setup.why")} wrong={form.wrong} busy={form.busy} action={t("setup.do")}
      onSubmit={() => form.run(async (values) => enter(await account.setup({ token, ...values })))}
    >
      <TextField label={t("setup.workspace")} autoComplete="organization" autoFocus required {...form.field("workspace")} />
      <TextField label={t("field.yourName")} autoComplete="name" required {...form.field("name")} />
      <TextField label={t("field.email")} type="email" autoComplete="username" required {...form.field("email")} />
      <TextField label={t("field.password")} type="password" autoComplete="new-password" minLength={10} hint={t("field.password.hint")} required {...form.field("password")} />
    </Door>
  );
}
