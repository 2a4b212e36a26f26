import { useQuery } from "@tanstack/react-query";
import { Button, Dialog, Select } from "@rapport/ui";
import { useState } from "react";
import { useAgents, useTeams } from "../../account/people";
import { account, accountKeys, useAccountChange } from "../../account/queries";
import type { Agent } from "../../client/nouns";
import { t } from "../../i18n";

/** A teammate leaves: says what is open with them and hands it to somebody. */
export function DeactivateDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const { data: work } = useQuery({ queryKey: ["account", "open-work", agent.id], queryFn: () => account.openWork(agent.id), staleTime: 0 });
  const agents = useAgents().filter((each) => each.state === "active" && each.id !== agent.id && each.role !== "light");
  const teams = useTeams();
  const [to, setTo] = useState("");
  const leave = useAccountChange(account.deactivate, [accountKeys.agents, ["conversation"]]);
  const [kind, id] = to.split(":");
  const handOver = kind === "agent" ? { hand_over_to_agent_id: Number(id) } : kind === "team" ? { hand_over_to_team_id: Number(id) } : {};
  const name = agent.name || agent.email;
  return (
    <Dialog
      title={t("deactivate.title", { name })} closeLabel={t("action.close")} onClose={onClose}
      foot={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button look="danger" busy={leave.isPending} onClick={() => leave.mutate({ id: agent.id, ...handOver }, { onSuccess: onClose })}>{t("deactivate.do")}</Button></>}
    >
      <p>{t("deactivate.why")}</p>
      {work && work.conversations > 0 && (
        <Select label={t("deactivate.open", { n: work.conversations })} value={to} onChange={(event) => setTo(event.target.value)}>
          <option value="">{t("deactivate.nobody")}</option>
          {agents.map((each) => <option key={each.id} value={`agent:${each.id}`}>{each.name}</option>)}
          {teams.map((each) => <option key={each.id} value={`team:${each.id}`}>{t("deactivate.team", { name: each.name })}</option>)}
        </Select>
      )}
    </Dialog>
  );
}
