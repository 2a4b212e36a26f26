import { Avatar, Icon, IconButton, Picker, toneOf, type Choice, type IconName } from "@rapport/ui";
import { useAgents, useTeams } from "../../account/people";
import type { ConversationDetail, Priority, Status } from "../../client/nouns";
import { t } from "../../i18n";
import { until } from "../../i18n/dates";
import { givenName } from "../../i18n/names";
import { useTags } from "../queries";
import { snoozeChoices, UNTIL_REPLY } from "../snooze";
import { useChange } from "../useChange";
import type { PickerName, PickerState } from "../useConversationCommands";

type Each = { conversation: ConversationDetail; picker: PickerState };

export const statusIcons: Record<Status, IconName> = { open: "statusOpen", pending: "clock", on_hold: "lock", closed: "checkCircle" };
export const statuses: Status[] = ["open", "pending", "on_hold", "closed"];
export const priorities: Priority[] = ["low", "normal", "high", "urgent"];

function controlled(picker: PickerState, name: PickerName) {
  return { open: picker.name === name, onOpen: (open: boolean) => picker.open(open ? name : null), placeholder: t("picker.type"), nothing: t("picker.nothing") };
}

export function StatusPicker({ conversation, picker }: Each) {
  const change = useChange();
  const { id, status } = conversation;
  return (
    <Picker
      {...controlled(picker, "status")} label={t("command.status")} chosen={[status]}
      choices={statuses.map((each) => ({ value: each, label: t(`status.${each}`), mark: <Icon name={statusIcons[each]} /> }))}
      onPick={(value) => change(id, { field: "status", status: value as Status })}
      trigger={<button type="button" className={`property status-${status}`}><Icon name={statusIcons[status]} />{t(`status.${status}`)}</button>}
    />
  );
}

export const NOBODY = "nobody";

export function AssigneePicker({ conversation, picker }: Each) {
  const change = useChange();
  const agents = useAgents().filter((agent) => agent.state === "active" && agent.role !== "light");
  const assignee = agents.find((agent) => agent.id === conversation.assignee_id);
  const shown = assignee ? givenName(assignee.name) : t("picker.nobody"); // in the name of the button too, so that voices can press it
  const choices: Choice[] = [
    { value: NOBODY, label: t("picker.nobody"), mark: <Icon name="person" /> },
    ...agents.map((agent) => ({ value: String(agent.id), label: agent.name, mark: <Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={20} /> })),
  ];
  return (
    <Picker
      {...controlled(picker, "assignee")} label={t("command.assign")} choices={choices} chosen={[assignee ? String(assignee.id) : NOBODY]}
      onPick={(value) => change(conversation.id, { field: "assignee", assignee_id: value === NOBODY ? null : Number(value) })}
      trigger={
        <button type="button" className="property" aria-label={`${t("command.assign")} ${shown}`} title={assignee?.name}>
          {assignee ? <Avatar name={assignee.name} seed={assignee.id} photo={assignee.photo_url} size={16} /> : <Icon name="person" />}
          {shown}
        </button>
      }
    />
  );
}

export function TeamPicker({ conversation, picker }: Each) {
  const change = useChange();
  const teams = useTeams();
  const team = teams.find((each) => each.id === conversation.team_id);
  return (
    <Picker
      {...controlled(picker, "team")} label={t("command.team")} chosen={[String(team?.id ?? NOBODY)]}
      choices={[{ value: NOBODY, label: t("picker.noTeam") }, ...teams.map((each) => ({ value: String(each.id), label: each.name, mark: <Icon name="people" /> }))]}
      onPick={(value) => change(conversation.id, { field: "team", team_id: value === NOBODY ? null : Number(value) })}
      trigger={<button type="button" className={team ? "property" : "property quiet"}><Icon name="people" />{team?.name ?? t("picker.noTeam")}</button>}
    />
  );
}

export function PriorityPicker({ conversation, picker }: Each) {
  const change = useChange();
  const { id, priority } = conversation;
  return (
    <Picker
      {...controlled(picker, "priority")} label={t("command.priority")} chosen={[priority]}
      choices={priorities.map((each) => ({ value: each, label: t(`priority.${each}`), mark: <Icon name="flag" /> }))}
      onPick={(value) => change(id, { field: "priority", priority: value as Priority })}
      trigger={
        <button type="button" className="property" data-plain={priority === "normal"} aria-label={`${t("command.priority")} ${t(`priority.${priority}`)}`}>
          <Icon name="flag" />{priority === "normal" ? null : t(`priority.${priority}`)}
        </button>
      }
    />
  );
}

export function TagsPicker({ conversation, picker }: Each) {
  const change = useChange();
  const { id, tags } = conversation;
  const known = [...new Set([...tags, ...useTags().map((tag) => tag.name)])];
  const seen = [...tags.slice(0, 1), ...(tags.length > 1 ? [`+${tags.length - 1}`] : [])].join(" ");
  const dot = (name: string) => <i className={`dot tone-${toneOf(name)}`} />;
  return (
    <Picker
      {...controlled(picker, "tags")} label={t("command.tags")} chosen={tags} choices={known.map((name) => ({ value: name, label: name, mark: dot(name) }))}
      create={(typed) => ({ value: typed, label: t("picker.newTag", { name: typed }), mark: <Icon name="plus" /> })}
      onPick={(name) => change(id, { field: "tags", tags: tags.includes(name) ? tags.filter((tag) => tag !== name) : [...tags, name] })}
      trigger={
        <button type="button" className="property" data-plain={tags.length === 0} aria-label={`${t("command.tags")} ${seen}`} title={tags.join(", ") || undefined}>
          {tags.length === 0 ? <Icon name="tag" /> : tags.slice(0, 1).map((name) => <span key={name} className="tag">{dot(name)}{name}</span>)}
          {tags.length > 1 && <span className="tag">+{tags.length - 1}</span>}
        </button>
      }
    />
  );
}

const AWAKE = "awake";

export function SnoozePicker({ conversation, picker }: Each) {
  const change = useChange();
  const { id, snoozed_until } = conversation;
  const choices: Choice[] = snoozeChoices(new Date()).map(({ key, at }) => ({ value: at.toISOString(), label: t(`snooze.${key}`), sub: until(at.toISOString()) }));
  choices.push({ value: UNTIL_REPLY, label: t("snooze.untilReply") });
  if (snoozed_until) choices.unshift({ value: AWAKE, label: t("snooze.awake") });
  return (
    <Picker
      {...controlled(picker, "snooze")} label={t("command.snooze")} choices={choices}
      onPick={(value) => change(id, { field: "snooze", snoozed_until: value === AWAKE ? null : value })}
      trigger={<IconButton icon="snooze" label={snoozed_until ? t("snooze.until", { time: until(snoozed_until) }) : t("command.snooze")} keys="H" aria-pressed={snoozed_until !== null} />}
    />
  );
}
