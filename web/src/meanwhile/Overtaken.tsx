import { Button, Icon } from "@rapport/ui";
import { Link } from "@tanstack/react-router";
import { useAgents, useTeams } from "../account/people";
import { useMemory } from "../app/memory";
import { queue, type Command } from "../client/queue";
import { decide } from "../client/sending";
import { t } from "../i18n";
import { until } from "../i18n/dates";
import type { Change } from "../conversation/change";
import { patchOf, propertyOf } from "../conversation/change";
import { aboutOf } from "../conversation/pending";
import type { Priority, Status } from "../client/nouns";

/** What a teammate has set while one's own choice was on its way: nothing wins silently, whoever comes back decides. */
export default function Overtaken() {
  const held = useMemory(queue).filter((command) => command.held);
  const first = held[0];
  if (!first) return null;
  return <Choice key={first.id} command={first} more={held.length - 1} />;
}

function Choice({ command, more }: { command: Command; more: number }) {
  const words = useWords();
  const who = useWho();
  const about = aboutOf(command);
  if (about.type !== "change" || !command.held) return null;
  const { field } = about.change;
  const mine = patchOf(about.change)[propertyOf(field)];
  return (
    <div className="offline overtaken" role="alert">
      <Icon name="alertCircle" />
      <span className="grow">
        <b>{who(command)}</b> · <Link to="/c/$id" params={{ id: String(command.lane) }} search={(now) => now} dir="auto">{about.name}</Link>
        <br />
        {t("overtaken.now", { field: t(`overtaken.field.${field}`), theirs: words(field, command.held.now), mine: words(field, mine) })}
        {more > 0 && <span className="quiet"> {t("overtaken.more", { n: more })}</span>}
      </span>
      <Button look="on-tint" onClick={() => void decide(command, false)}>{t("overtaken.keep")}</Button>
      <Button look="on-tint" onClick={() => void decide(command, true)}>{t("overtaken.mine")}</Button>
    </div>
  );
}

function useWho() {
  const agents = useAgents();
  return ({ held }: Command) => {
    const agent = held?.by_kind === "agent" && agents.find((each) => each.id === held.by_id);
    if (agent) return t("overtaken.by", { name: agent.name });
    return held?.by_kind === "contact" ? t("overtaken.byCustomer") : t("overtaken.byItself");
  };
}

/** A value of a field as a person calls it. */
function useWords() {
  const agents = useAgents();
  const teams = useTeams();
  return (field: Change["field"], value: unknown): string => {
    switch (field) {
      case "status": return t(`status.${value as Status}`);
      case "priority": return t(`priority.${value as Priority}`);
      case "assignee": return agents.find((agent) => agent.id === value)?.name ?? t("picker.nobody");
      case "team": return teams.find((team) => team.id === value)?.name ?? t("picker.noTeam");
      case "snooze": return value ? until(String(value)) : t("overtaken.no");
      case "spam": return value ? t("overtaken.yes") : t("overtaken.no");
      default: return String(value);
    }
  };
}
