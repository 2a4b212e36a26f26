import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useMemo, type ReactNode } from "react";
import type { Agent, Me, Team } from "../client/nouns";
import { agentsQuery, teamsQuery } from "./queries";

type People = { me: Me; agents: Agent[]; teams: Team[] };

const Context = createContext<People | null>(null);
const nobody: Agent[] = [];
const none: Team[] = [];

/** Who is signed in and who works here. Asked once for the whole screen: every row of a list wants to know. */
export function PeopleProvider({ me, children }: { me: Me; children: ReactNode }) {
  const agents = useQuery(agentsQuery).data ?? nobody;
  const teams = useQuery(teamsQuery).data ?? none;
  const people = useMemo(() => ({ me, agents, teams }), [me, agents, teams]);
  return <Context value={people}>{children}</Context>;
}

function usePeople(): People {
  const people = useContext(Context);
  if (!people) throw new Error("outside the gate");
  return people;
}

export const useMe = () => usePeople().me;
export const useAgents = () => usePeople().agents;
export const useTeams = () => usePeople().teams;
export const useCan = (permission: string) => usePeople().me.permissions.includes(permission);
