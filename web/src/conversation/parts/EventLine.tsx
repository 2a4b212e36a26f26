import { Icon } from "@rapport/ui";
import { useState } from "react";
import { useAgents, useTeams } from "../../account/people";
import type { Agent, HistoryItem, Priority, Status, Team } from "../../client/nouns";
import { t } from "../../i18n";
import { clock, exact, until } from "../../i18n/dates";
import { givenName } from "../../i18n/names";

/** Whoever pressed to see them is there. */
const focus = (list: HTMLElement | null) => list?.focus();

/** Several things that happened as one grey line; a press shows each with its time. */
export function EventLine({ events }: { events: HistoryItem[] }) {
  const [open, setOpen] = useState(false);
  const agents = useAgents();
  const teams = useTeams();
  const words = events.map((event) => eventWords(event, agents, teams));
  if (open) {
    return (
      <ul className="events" tabIndex={-1} ref={focus}>
        {events.map((event, n) => (
          <li key={event.id} className="event">
            <Icon name="layers" />
            <span>{words[n]}</span>
            <time title={exact(event.at)}>{clock(event.at)}</time>
          </li>
        ))}
      </ul>
    );
  }
  const rest = events.length - 2;
  return (
    <div className="event">
      <Icon name="layers" />
      <span>{words.slice(0, 2).join(" · ")}{rest > 0 && ` · ${t("event.more", { n: rest })}`}</span>
      <button type="button" className="link nowrap" onClick={() => setOpen(true)}>{t("event.show")}</button>
    </div>
  );
}

/** One event as a sentence. Codes it does not know are told as "changed". */
export function eventWords(event: HistoryItem, agents: Agent[], teams: Team[]): string {
  const who = givenName(event.actor.name) || t("event.system");
  const { data } = event;
  const { to } = data;
  const agent = agents.find((each) => each.id === to)?.name;
  const team = teams.find((each) => each.id === to)?.name;
  switch (event.kind) {
    case "conversation.assigned":
      if (!agent) return t("event.unassigned", { who });
      return to === event.actor.id ? t("event.took", { who }) : t("event.assigned", { who, name: givenName(agent) });
    case "conversation.teamed":
      return team ? t("event.team", { who, team }) : t("event.noTeam", { who });
    case "conversation.status":
      return to ? t(`event.status.${to as Status}`, { who }) : t("event.changed", { who });
    case "conversation.priority":
      return to ? t("event.priority", { who, priority: t(`priority.${to as Priority}`) }) : t("event.changed", { who });
    case "conversation.snoozed":
      return typeof to === "string" && to ? t("event.snoozed", { who, time: until(to) }) : t("event.awake", { who });
    case "conversation.tagged":
      return Array.isArray(data["added"]) ? t("event.tagged", { who, tags: data["added"].join(", ") }) : t("event.untagged", { who });
    case "conversation.person":
      return t("event.person", { who: event.actor.kind === "contact" ? givenName(event.actor.name) || t("contact.visitor") : who });
    case "conversation.subject":
      return t("event.subject", { who });
    case "conversation.spam":
      return to === true ? t("event.spam", { who }) : t("event.notSpam", { who });
    case "conversation.contact":
      return t("event.original", { who });
    case "conversation.declined":
      return t("event.declined", { who });
    case "conversation.revealed":
      return t("event.revealed", { who });
    case "conversation.silenced":
      return t("event.silenced");
    case "conversation.unsilenced":
      return t("event.unsilenced", { who });
    default:
      return t("event.changed", { who });
  }
}
