import { Icon, type IconName } from "@rapport/ui";
import { useAgents, useTeams } from "../../account/people";
import type { Step } from "../../conversation/composer/menu/texts";
import { t } from "../../i18n";

export const stepIcons: Record<Step["do"], IconName> = { reply: "mail", note: "lock", assign: "person", team: "people", tags: "tag", status: "statusOpen", priority: "flag", snooze: "snooze" };

/** What a macro does, as one reads it: a line an action. */
export function Steps({ actions }: { actions: Step[] }) {
  const words = useStepWords();
  return (
    <ul className="macro-steps">
      {actions.map((step, n) => <li key={n}><Icon name={stepIcons[step.do]} size={12} /><span dir="auto">{words(step)}</span></li>)}
    </ul>
  );
}

export function useStepWords() {
  const agents = useAgents();
  const teams = useTeams();
  return (step: Step): string => {
    switch (step.do) {
      case "reply": return t("automation.step.reply", { text: step.text });
      case "note": return t("slash.step.note", { text: step.text });
      case "assign":
        if (step.me) return t("command.assignMe");
        return step.agent_id === null ? t("automation.step.nobody") : t("automation.step.assign", { name: agents.find((each) => each.id === step.agent_id)?.name ?? t("automation.gone") });
      case "team": return step.team_id === null ? t("automation.step.noTeam") : t("automation.step.team", { name: teams.find((each) => each.id === step.team_id)?.name ?? t("automation.gone") });
      case "tags": return [...step.add.map((tag) => `+ ${tag}`), ...step.remove.map((tag) => `− ${tag}`)].join(", ");
      case "status": return t("automation.step.status", { status: t(`status.${step.status}`) });
      case "priority": return t("automation.step.priority", { priority: t(`priority.${step.priority}`) });
      case "snooze": return t(`automation.until.${step.until}`);
    }
  };
}
