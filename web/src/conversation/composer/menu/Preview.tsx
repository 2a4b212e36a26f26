import { Icon } from "@rapport/ui";
import { useAgents, useTeams } from "../../../account/people";
import type { Macro, Step } from "./texts";
import { t } from "../../../i18n";
import { fillPlain, type Values } from "../../../settings/mail/template";
import { openIn, variablesIn } from "../variables";

/** A text as it will stand here, with what is still missing marked and said. */
export function Preview({ title, text, values, approved }: { title: string; text: string; values: Values; approved?: boolean }) {
  const open = openIn(text, values);
  return (
    <>
      <b dir="auto">{title}</b>
      {approved && <p className="approved"><Icon name="checkCircle" size={12} />{t("slash.approved.why")}</p>}
      <p className="written" dir="auto"><Filled text={text} values={values} /></p>
      {open.length > 0 && <p className="missing"><Icon name="alert" size={12} />{t("slash.missing", { names: open.join(", ") })}</p>}
    </>
  );
}

function Filled({ text, values }: { text: string; values: Values }) {
  let at = 0;
  const parts = variablesIn(text, values).map(({ from, to, open }) => {
    const before = text.slice(at, from);
    at = to;
    const found = text.slice(from, to);
    return <span key={from}>{before}<span className={open ? "variable open" : "variable"}>{open ? found : plainly(found, values)}</span></span>;
  });
  return <>{parts}{text.slice(at)}</>;
}

const plainly = (found: string, values: Values) => fillPlain(found, values).text;

/** What a macro will do, line by line. */
export function StepsOf({ macro, values }: { macro: Macro; values: Values }) {
  const agents = useAgents();
  const teams = useTeams();
  const reply = macro.actions.find((step) => step.do === "reply");
  const words = (step: Step): string | null => {
    switch (step.do) {
      case "reply": return null;
      case "note": return t("slash.step.note", { text: step.text ?? "" });
      case "assign": return step.me ? t("command.assignMe") : step.agent_id ? t("done.assigned", { name: agents.find((each) => each.id === step.agent_id)?.name ?? "" }) : t("done.unassigned");
      case "team": return step.team_id ? t("done.team", { name: teams.find((each) => each.id === step.team_id)?.name ?? "" }) : t("done.noTeam");
      case "tags": return [...(step.add ?? []).map((tag) => `+ ${tag}`), ...(step.remove ?? []).map((tag) => `− ${tag}`)].join(", ");
      case "status": return step.status ? t(`done.status.${step.status}`) : null;
      case "priority": return step.priority ? t("done.priority", { priority: t(`priority.${step.priority}`) }) : null;
      case "snooze": return step.until ? t(`slash.snooze.${step.until}`) : null;
    }
  };
  return (
    <>
      <b dir="auto">{macro.name}</b>
      <ul className="steps">{macro.actions.map((step, n) => [n, words(step)] as const).filter(([, said]) => said).map(([n, said]) => <li key={n} dir="auto">{said}</li>)}</ul>
      {reply?.do === "reply" && <Preview title={t("slash.step.reply")} text={reply.text} values={values} />}
    </>
  );
}
