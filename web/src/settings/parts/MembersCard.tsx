import { Card, Checkbox } from "@rapport/ui";
import { useAgents, useTeams } from "../../account/people";
import type { Inbox } from "../../client/nouns";
import { t } from "../../i18n";
import { inboxes, useInboxChange } from "../queries";

/** Who sees this inbox. Owners and admins see every one. */
export function MembersCard({ inbox }: { inbox: Inbox }) {
  const agents = useAgents().filter((agent) => agent.state !== "deactivated" && (agent.role === "agent" || agent.role === "light"));
  const teams = useTeams();
  const save = useInboxChange(inboxes.setMembers);
  const flip = (list: number[], id: number) => (list.includes(id) ? list.filter((each) => each !== id) : [...list, id]);
  const set = (agent_ids: number[], team_ids: number[]) => save.mutate({ id: inbox.id, agent_ids, team_ids });
  return (
    <Card title={t("inboxes.members")}>
      <div className="card-body">
        <p className="quiet">{t("inboxes.members.why")}</p>
        <div className="choice-columns">
          {teams.map((team) => (
            <Checkbox key={`t${team.id}`} label={t("deactivate.team", { name: team.name })} disabled={save.isPending} checked={inbox.member_team_ids.includes(team.id)} onChange={() => set(inbox.member_agent_ids, flip(inbox.member_team_ids, team.id))} />
          ))}
          {agents.map((agent) => (
            <Checkbox key={agent.id} label={agent.name || agent.email} disabled={save.isPending} checked={inbox.member_agent_ids.includes(agent.id)} onChange={() => set(flip(inbox.member_agent_ids, agent.id), inbox.member_team_ids)} />
          ))}
        </div>
      </div>
    </Card>
  );
}
