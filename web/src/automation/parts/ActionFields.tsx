import { Select, TextArea, TextField } from "@rapport/ui";
import { useId, useState } from "react";
import { useAgents, useTeams } from "../../account/people";
import type { Step } from "../../conversation/composer/menu/texts";
import { useTags } from "../../conversation/queries";
import type { Priority, Status } from "../../client/nouns";
import { t } from "../../i18n";
import { RichField } from "../../settings/parts/RichField";
import { tagsOf } from "../rows";

type FieldsProps<S extends Step> = { step: S; label: string; onChange: (step: Step) => void };

const statuses: Status[] = ["open", "pending", "on_hold", "closed"];
const priorities: Priority[] = ["low", "normal", "high", "urgent"];
const moments = ["later_today", "tomorrow", "monday", "next_week"] as const;

/** What one action needs to know. */
export function ActionFields({ step, label, onChange }: FieldsProps<Step>) {
  const agents = useAgents().filter((agent) => agent.state === "active" && agent.role !== "light");
  const teams = useTeams();
  switch (step.do) {
    case "reply": return <RichField label={label} hint={t("automation.replyWaits")} value={step} onChange={({ text, html }) => onChange({ do: "reply", text, html })} />;
    case "note": return <TextArea label={label} rows={3} value={step.text} onChange={(event) => onChange({ do: "note", text: event.target.value })} />;
    case "tags": return <TagFields step={step} label={label} onChange={onChange} />;
    case "assign": return (
      <Select label={label} value={step.me ? "me" : String(step.agent_id ?? 0)} onChange={({ target: { value } }) => onChange(value === "me" ? { do: "assign", agent_id: null, me: true } : { do: "assign", agent_id: Number(value) || null, me: false })}>
        <option value="me">{t("automation.whoRuns")}</option>
        <option value="0">{t("picker.nobody")}</option>
        {agents.map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}
      </Select>
    );
    case "team": return (
      <Select label={label} value={step.team_id ?? 0} onChange={({ target: { value } }) => onChange({ do: "team", team_id: Number(value) || null })}>
        <option value="0">{t("picker.noTeam")}</option>
        {teams.map((team) => <option key={team.id} value={team.id}>{team.name}</option>)}
      </Select>
    );
    case "status": return (
      <Select label={label} value={step.status} onChange={({ target: { value } }) => onChange({ do: "status", status: value as Status })}>
        {statuses.map((status) => <option key={status} value={status}>{t(`status.${status}`)}</option>)}
      </Select>
    );
    case "priority": return (
      <Select label={label} value={step.priority} onChange={({ target: { value } }) => onChange({ do: "priority", priority: value as Priority })}>
        {priorities.map((priority) => <option key={priority} value={priority}>{t(`priority.${priority}`)}</option>)}
      </Select>
    );
    case "snooze": return (
      <Select label={label} value={step.until} onChange={({ target: { value } }) => onChange({ do: "snooze", until: value as (typeof moments)[number] })}>
        {moments.map((until) => <option key={until} value={until}>{t(`automation.until.${until}`)}</option>)}
      </Select>
    );
  }
}

function TagFields({ step, label, onChange }: FieldsProps<Extract<Step, { do: "tags" }>>) {
  const [typed, setTyped] = useState({ add: step.add.join(", "), remove: step.remove.join(", ") });
  const known = useTags();
  const id = useId();
  function type(side: "add" | "remove", words: string) {
    const now = { ...typed, [side]: words };
    setTyped(now);
    onChange({ do: "tags", add: tagsOf(now.add), remove: tagsOf(now.remove) });
  }
  return (
    <fieldset className="tag-fields">
      <legend className="only-read">{label}</legend>
      <div className="pair">
        <TextField label={t("automation.tags.add")} hint={t("automation.tags.hint")} list={id} autoComplete="off" value={typed.add} onChange={(event) => type("add", event.target.value)} />
        <TextField label={t("automation.tags.remove")} list={id} autoComplete="off" value={typed.remove} onChange={(event) => type("remove", event.target.value)} />
      </div>
      <datalist id={id}>{known.map((tag) => <option key={tag.name} value={tag.name} />)}</datalist>
    </fieldset>
  );
}
