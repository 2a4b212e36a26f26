import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { TextField } from "@rapport/ui";
import { api } from "../client/fetch";
import { messageOf } from "../client/problem";
import type { Invitation } from "../client/nouns";
import { t } from "../i18n";
import { Door } from "./parts/Door";
import { account } from "./queries";
import { useEnterNew } from "./useEnter";
import { useForm } from "./useForm";

/** Accepts an invitation: a name, a password, and in. */
export function InvitationScreen() {
  const { token } = useParams({ from: "/invitation/$token" });
  const { data, error } = useQuery({ queryKey: ["invitation", token], queryFn: () => api.get<Invitation>(`/invitations/${token}`), retry: false });
  if (error) return <Door title={t("invitation.bad")} why={messageOf(error)} />;
  if (!data) return <Door title="" />;
  return <Accept token={token} invitation={data} />;
}

function Accept({ token, invitation }: { token: string; invitation: Invitation }) {
  const form = useForm({ name: invitation.name, password: "" });
  const enter = useEnterNew();
  return (
    <Door
      title={t("invitation.title", { workspace: invitation.workspace })} why={invitation.email} wrong={form.wrong} busy={form.busy} action={t("invitation.do")}
      onSubmit={() => form.run(async (values) => enter(await account.accept({ token, ...values })))}
    >
      <TextField label={t("field.yourName")} autoComplete="name" required {...form.field("name")} />
      <TextField label={t("field.password")} type="password" autoComplete="new-password" minLength={10} hint={t("field.password.hint")} autoFocus required {...form.field("password")} />
    </Door>
  );
}
