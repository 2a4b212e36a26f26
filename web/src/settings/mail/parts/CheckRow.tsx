import { Icon, type IconName } from "@rapport/ui";
import type { ReactNode } from "react";
import type { ConnectionCheck } from "../../../client/nouns";

const marks: Record<ConnectionCheck["state"], { icon: IconName; tone: string }> = {
  ok: { icon: "checkCircle", tone: "good" },
  warning: { icon: "alert", tone: "warn" },
  failed: { icon: "alertCircle", tone: "bad" },
};

/** What was found out about one thing, in words, and what to do. */
export function CheckRow({ title, state, message, hint, children }: { title: string; state: ConnectionCheck["state"]; message: string; hint?: string | undefined; children?: ReactNode }) {
  const { icon, tone } = marks[state];
  return (
    <div className="check-row">
      <span className={tone}><Icon name={icon} size={20} /></span>
      <div className="grow">
        <b>{title}</b>
        <p>{message}</p>
        {hint && <p className="quiet">{hint}</p>}
        {children}
      </div>
    </div>
  );
}
