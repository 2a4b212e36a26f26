import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Avatar, Explain } from "@rapport/ui";
import { useEffect } from "react";
import { useAgents } from "../../account/people";
import { Ago } from "../../app/Ago";
import { api } from "../../client/fetch";
import type { Page, TeammateDraft } from "../../client/nouns";
import { t } from "../../i18n";
import { givenName } from "../../i18n/names";
import { usePresence } from "../presence";

const JUST_NOW_MS = 10 * 60_000;

/** Which teammate has begun to write here, and what, where they share it. Who is typing at this moment is told by presence. */
export function Drafting({ id }: { id: number }) {
  const client = useQueryClient();
  const present = usePresence(id).map(({ id: agent, state }) => `${agent}${state}`).join();
  const queryKey = ["conversation", "drafts", id];
  const { data } = useQuery({ queryKey, queryFn: async () => (await api.get<Page<TeammateDraft>>(`/conversations/${id}/drafts`)).items, staleTime: 0 });
  const agents = useAgents();
  useEffect(() => void client.invalidateQueries({ queryKey }), [present]); // who stops typing leaves a draft, or has sent it
  const draft = data?.find((each) => agents.some((agent) => agent.id === each.agent_id));
  const agent = agents.find((each) => each.id === draft?.agent_id);
  if (!draft || !agent) return null;
  const recent = Date.now() - Date.parse(draft.updated_at) < JUST_NOW_MS;
  const words = t(recent ? "drafting.now" : "drafting.kept", { name: givenName(agent.name) });
  const face = <><Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={20} /><span>{words}</span></>;
  if (!draft.shared) return <span className="drafting" title={t("drafting.private")}>{face}</span>;
  return (
    <Explain label={words} trigger={<button type="button" className="drafting shared">{face}</button>}>
      <b>{agent.name}</b> <Ago at={draft.updated_at} />
      <p className="written" dir="auto">{draft.text}</p>
    </Explain>
  );
}
