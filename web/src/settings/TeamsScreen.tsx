import { Avatar, Button, Card, Checkbox, Dialog, Empty, TextField } from "@rapport/ui";
import { useState } from "react";
import { useAgents, useCan, useTeams } from "../account/people";
import { account, accountKeys, useAccountChange } from "../account/queries";
import { Page } from "../app/Page";
import { messageOf } from "../client/problem";
import type { Team } from "../client/nouns";
import { t } from "../i18n";

/** Teams: people who share a view and take work together. */
export function TeamsScreen() {
  const teams = useTeams();
  const manages = useCan("team.manage");
  const [editing, setEditing] = useState<Team | "new" | null>(null);
  return (
    <Page title={t("settings.teams")} sub={t("teams.why")} actions={manages && <Button look="primary" icon="plus" onClick={() => setEditing("new")}>{t("teams.new")}</Button>}>
      {teams.length === 0 && <Empty icon="people" title={t("teams.none")} why={t("teams.why")} />}
      <div className="column">
        {teams.map((team) => <TeamCard key={team.id} team={team} onEdit={manages ? () => setEditing(team) : null} />)}
      </div>
      {editing && <TeamDialog team={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function TeamCard({ team, onEdit }: { team: Team; onEdit: (() => void) | null }) {
  const members = useAgents().filter((agent) => team.agent_ids.includes(agent.id));
  return (
    <Card title={<span dir="auto">{team.name}</span>} end={onEdit && <Button size="compact" onClick={onEdit}>{t("action.edit")}</Button>}>
      <div className="card-body people-line">
        {members.map((agent) => <span key={agent.id} className="person-cell"><Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={20} />{agent.name}</span>)}
        {members.length === 0 && <span className="quiet">{t("teams.empty")}</span>}
      </div>
    </Card>
  );
}

function TeamDialog({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const agents = useAgents().filter((agent) => agent.state !== "deactivated");
  const [name, setName] = useState(team?.name ?? "");
  const [ids, setIds] = useState(team?.agent_ids ?? []);
  const stale = [accountKeys.teams, accountKeys.agents, ["conversation", "views"]];
  const save = useAccountChange(() => (team ? account.changeTeam({ id: team.id, name, agent_ids: ids }) : account.addTeam({ name, agent_ids: ids })), stale, true);
  const remove = useAccountChange(() => account.removeTeam(team!.id), stale, true);
  const error = save.error ?? remove.error;
  return (
    <Dialog
      enterSends title={team ? team.name : t("teams.new")} closeLabel={t("action.close")} onClose={onClose}
      foot={
        <>
          {team && <Button look="bare" onClick={() => remove.mutate(undefined, { onSuccess: onClose })}>{t("teams.remove")}</Button>}
          <span className="grow" />
          <Button look="primary" busy={save.isPending} disabled={!name.trim()} onClick={() => save.mutate(undefined, { onSuccess: onClose })}>{t("action.save")}</Button>
        </>
      }
    >
      {error && <p className="bad" role="alert">{messageOf(error)}</p>}
      <TextField label={t("field.name")} value={name} autoFocus onChange={(event) => setName(event.target.value)} />
      <fieldset className="choice-list">
        <legend>{t("teams.members")}</legend>
        {agents.map((agent) => (
          <Checkbox key={agent.id} label={agent.name || agent.email} checked={ids.includes(agent.id)} onChange={() => setIds((now) => (now.includes(agent.id) ? now.filter((id) => id !== agent.id) : [...now, agent.id]))} />
        ))}
      </fieldset>
    </Dialog>
  );
}
