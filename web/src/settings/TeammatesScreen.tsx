import { Avatar, Button, Chip, IconButton, Menu, MenuHead, MenuItem, MenuLine, showToast } from "@rapport/ui";
import { useState } from "react";
import { useAgents, useCan, useMe, useTeams } from "../account/people";
import { account, accountKeys, useAccountChange } from "../account/queries";
import { Ago } from "../app/Ago";
import { Page } from "../app/Page";
import type { Agent, Role } from "../client/nouns";
import { t } from "../i18n";
import { languageOf } from "../i18n/language";
import { DeactivateDialog } from "./parts/DeactivateDialog";
import { InviteDialog } from "./parts/InviteDialog";

/** Everybody who works here, what they may do, and when they were last seen. */
export function TeammatesScreen() {
  const agents = useAgents();
  const manages = useCan("agent.manage");
  const [inviting, setInviting] = useState(false);
  const active = agents.filter((agent) => agent.state === "active").length;
  return (
    <Page
      title={t("settings.teammates")} sub={t("teammates.count", { n: active })}
      actions={manages && <Button look="primary" icon="plus" onClick={() => setInviting(true)}>{t("teammates.invite")}</Button>}
    >
      <div className="table-wrap">
        <table className="table">
          <thead><tr><th>{t("field.name")}</th><th>{t("teammates.role")}</th><th className="roomy">{t("settings.teams")}</th><th className="roomy">{t("teammates.lastSeen")}</th><th><span className="only-read">{t("action.more")}</span></th></tr></thead>
          <tbody>{agents.map((agent) => <AgentRow key={agent.id} agent={agent} manages={manages} />)}</tbody>
        </table>
      </div>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}

function AgentRow({ agent, manages }: { agent: Agent; manages: boolean }) {
  const teams = useTeams().filter((team) => team.agent_ids.includes(agent.id));
  return (
    <tr>
      <td>
        <span className="person-cell">
          <Avatar name={agent.name || agent.email} seed={agent.id} photo={agent.photo_url} size={28} />
          <span className="cut"><b dir="auto" lang={languageOf(agent.name)}>{agent.name || agent.email}</b><br /><span className="quiet">{agent.email}</span></span>
        </span>
      </td>
      <td><span title={t(`role.${agent.role}.why`)}>{t(`role.${agent.role}`)}</span></td>
      <td className="roomy">{teams.map((team) => team.name).join(", ")}</td>
      <td className="quiet roomy">{agent.state === "active" ? (agent.last_seen_at ? <Ago at={agent.last_seen_at} /> : t("teammates.never")) : <Chip tone={agent.state === "invited" ? "info" : "grey"}>{t(`teammates.${agent.state}`)}</Chip>}</td>
      <td className="end">{manages && <AgentMenu agent={agent} />}</td>
    </tr>
  );
}

const roles: Role[] = ["owner", "admin", "agent", "light"];

function AgentMenu({ agent }: { agent: Agent }) {
  const { agent: me } = useMe();
  const [leaving, setLeaving] = useState(false);
  const change = useAccountChange(account.changeAgent, [accountKeys.agents]);
  const again = useAccountChange(account.inviteAgain, [accountKeys.agents]);
  const back = useAccountChange(account.reactivate, [accountKeys.agents]);
  const copyLink = () =>
    again.mutate(agent.id, {
      onSuccess: ({ invitation_url, mailed }) => {
        void navigator.clipboard?.writeText(invitation_url);
        showToast({ text: mailed ? t("teammates.mailedAgain", { email: agent.email }) : t("teammates.linkCopied") });
      },
    });
  return (
    <>
      <Menu trigger={<IconButton icon="more" label={t("teammates.actions", { name: agent.name || agent.email })} />}>
        <MenuHead>{t("teammates.role")}</MenuHead>
        {roles.filter((role) => role !== "owner" || me.role === "owner").map((role) => (
          <MenuItem key={role} icon={role === agent.role ? "check" : undefined} onSelect={() => change.mutate({ id: agent.id, role })}>{t(`role.${role}`)}</MenuItem>
        ))}
        <MenuLine />
        {agent.state === "invited" && <MenuItem icon="link" onSelect={copyLink}>{t("teammates.inviteAgain")}</MenuItem>}
        {agent.state === "deactivated" && <MenuItem icon="undo" onSelect={() => back.mutate(agent.id)}>{t("teammates.reactivate")}</MenuItem>}
        {agent.state !== "deactivated" && agent.id !== me.id && <MenuItem icon="ban" danger onSelect={() => setLeaving(true)}>{t("teammates.deactivate")}</MenuItem>}
      </Menu>
      {leaving && <DeactivateDialog agent={agent} onClose={() => setLeaving(false)} />}
    </>
  );
}
