import { Banner, Button, Checkbox, CodeLine, Dialog, TextField } from "@rapport/ui";
import { useState } from "react";
import { useTeams } from "../../account/people";
import { account, accountKeys, useAccountChange } from "../../account/queries";
import { useForm } from "../../account/useForm";
import type { Invited, Role } from "../../client/nouns";
import { t } from "../../i18n";

const roles: Exclude<Role, "owner">[] = ["admin", "agent", "light"];

/** Invites by mail; the link can be copied as well, for a house without outgoing mail. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [invited, setInvited] = useState<Invited | null>(null);
  if (invited) {
    return (
      <Dialog title={t("teammates.invite")} closeLabel={t("action.close")} onClose={onClose} foot={<Button look="primary" onClick={onClose}>{t("action.done")}</Button>}>
        <Banner tone="success" icon="checkCircle">{invited.mailed ? t("invite.mailed", { email: invited.agent.email }) : t("invite.notMailed")}</Banner>
        <CodeLine text={invited.invitation_url} copyLabel={t("action.copy")} copiedLabel={t("action.copied")} />
      </Dialog>
    );
  }
  return <InviteForm onInvited={setInvited} onClose={onClose} />;
}

function InviteForm({ onInvited, onClose }: { onInvited: (invited: Invited) => void; onClose: () => void }) {
  const teams = useTeams();
  const form = useForm({ email: "", name: "" });
  const [role, setRole] = useState<Role>("agent");
  const [teamIds, setTeamIds] = useState<number[]>([]);
  const invite = useAccountChange(account.invite, [accountKeys.agents], true);
  const submit = () => form.run(async (values) => onInvited(await invite.mutateAsync({ ...values, role, team_ids: teamIds })));
  return (
    <Dialog
      enterSends title={t("teammates.invite")} closeLabel={t("action.close")} onClose={onClose}
      foot={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button look="primary" busy={form.busy} disabled={!form.values.email.includes("@") || !form.values.name.trim()} onClick={() => void submit()}>{t("teammates.invite")}</Button></>}
    >
      {form.wrong && <p className="bad" role="alert">{form.wrong}</p>}
      <TextField label={t("field.email")} type="email" autoFocus {...form.field("email")} />
      <TextField label={t("field.name")} {...form.field("name")} />
      <fieldset className="choice-list">
        <legend>{t("teammates.role")}</legend>
        {roles.map((each) => (
          <label key={each} className="choice">
            <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
            <span><b>{t(`role.${each}`)}</b><span className="quiet">{t(`role.${each}.why`)}</span></span>
          </label>
        ))}
      </fieldset>
      {teams.length > 0 && (
        <fieldset className="choice-list">
          <legend>{t("settings.teams")}</legend>
          {teams.map((team) => (
            <Checkbox key={team.id} label={team.name} checked={teamIds.includes(team.id)} onChange={() => setTeamIds((now) => (now.includes(team.id) ? now.filter((id) => id !== team.id) : [...now, team.id]))} />
          ))}
        </fieldset>
      )}
    </Dialog>
  );
}
