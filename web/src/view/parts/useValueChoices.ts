import type { Choice } from "@rapport/ui";
import { useAgents, useTeams } from "../../account/people";
import { useCompanies } from "../../contact/queries";
import { useTags } from "../../conversation/queries";
import { t } from "../../i18n";
import { useInboxes } from "../../settings/queries";
import type { Field, Line } from "../content";

const ids = (list: { id: number; name: string }[]): Choice[] => list.map(({ id, name }) => ({ value: String(id), label: name }));

/** What can be chosen for a condition, in the words of the person. */
export function useValueChoices({ field }: Line): Choice[] {
  const agents = useAgents().filter((agent) => agent.state !== "deactivated");
  const teams = useTeams();
  const inboxes = useInboxes();
  const tags = useTags();
  const companies = useCompanies("").data ?? [];
  const nobody = { value: "nobody", label: t("saved.nobody") };
  const of: Partial<Record<Field, () => Choice[]>> = {
    status: () => [...(["open", "pending", "on_hold", "closed"] as const).map((value) => ({ value, label: t(`status.${value}`) })), { value: "snoozed", label: t("view.snoozed") }],
    priority: () => (["urgent", "high", "normal", "low"] as const).map((value) => ({ value, label: t(`priority.${value}`) })),
    assignee: () => [{ value: "me", label: t("saved.me") }, nobody, ...ids(agents)],
    team: () => [{ ...nobody, label: t("saved.noTeam") }, ...ids(teams)],
    inbox: () => ids(inboxes),
    company: () => ids(companies),
    tag: () => tags.map(({ name }) => ({ value: name, label: name })),
    channel: () => (["email", "chat", "form"] as const).map((value) => ({ value, label: t(`saved.channel.${value}`) })),
    waiting: () => (["us", "them"] as const).map((value) => ({ value, label: t(`saved.waiting.${value}`) })),
  };
  return of[field]?.() ?? (["yes", "no"] as const).map((value) => ({ value, label: t(`saved.${value}`) }));
}
