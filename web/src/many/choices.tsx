import { Avatar, Icon, toneOf, type Choice } from "@rapport/ui";
import { useAgents, useTeams } from "../account/people";
import type { Priority, Status } from "../client/nouns";
import { NOBODY, priorities, statuses, statusIcons } from "../conversation/parts/pickers";
import { useTags } from "../conversation/queries";
import { snoozeChoices, UNTIL_REPLY } from "../conversation/snooze";
import { t } from "../i18n";
import { until } from "../i18n/dates";
import type { ManyChange } from "./change";

export type PickerName = "status" | "snooze" | "assignee" | "team" | "priority" | "tags" | "untag";
type Offer = { choices: Choice[]; changeFor: (value: string) => ManyChange };

/** What each picker offers for several conversations at once, and the change behind a choice. */
export function useOffers(tagsOfThem: string[]): Record<PickerName, Offer> {
  const agents = useAgents().filter((agent) => agent.state === "active" && agent.role !== "light");
  const teams = useTeams();
  const known = [...new Set([...tagsOfThem, ...useTags().map((tag) => tag.name)])];
  const idOf = (value: string) => (value === NOBODY ? null : Number(value));
  const dot = (name: string) => <i className={`dot tone-${toneOf(name)}`} />;
  return {
    status: {
      choices: statuses.map((each) => ({ value: each, label: t(`status.${each}`), mark: <Icon name={statusIcons[each]} /> })),
      changeFor: (value) => ({ do: "status", status: value as Status }),
    },
    snooze: {
      choices: [
        ...snoozeChoices(new Date()).map(({ key, at }) => ({ value: at.toISOString(), label: t(`snooze.${key}`), sub: until(at.toISOString()) })),
        { value: UNTIL_REPLY, label: t("snooze.untilReply") },
      ],
      changeFor: (value) => ({ do: "snooze", snoozed_until: value }),
    },
    assignee: {
      choices: [
        { value: NOBODY, label: t("picker.nobody"), mark: <Icon name="person" /> },
        ...agents.map((agent) => ({ value: String(agent.id), label: agent.name, mark: <Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={20} /> })),
      ],
      changeFor: (value) => ({ do: "assignee", assignee_id: idOf(value) }),
    },
    team: {
      choices: [{ value: NOBODY, label: t("picker.noTeam") }, ...teams.map((each) => ({ value: String(each.id), label: each.name, mark: <Icon name="people" /> }))],
      changeFor: (value) => ({ do: "team", team_id: idOf(value) }),
    },
    priority: {
      choices: priorities.map((each) => ({ value: each, label: t(`priority.${each}`), mark: <Icon name="flag" /> })),
      changeFor: (value) => ({ do: "priority", priority: value as Priority }),
    },
    tags: { choices: known.map((name) => ({ value: name, label: name, mark: dot(name) })), changeFor: (value) => ({ do: "tags", add_tags: [value] }) },
    untag: { choices: tagsOfThem.map((name) => ({ value: name, label: name, mark: dot(name) })), changeFor: (value) => ({ do: "tags", remove_tags: [value] }) },
  };
}
