import type { Step } from "../conversation/composer/menu/texts";

/** An action in the editor: its place may change, itself stays the same. */
export type Row = { uid: number; step: Step };

export const kinds: Step["do"][] = ["reply", "note", "assign", "team", "tags", "status", "priority", "snooze"];

/** An action as it begins. */
export function blank(kind: Step["do"]): Step {
  switch (kind) {
    case "reply": return { do: "reply", text: "", html: "" };
    case "note": return { do: "note", text: "" };
    case "assign": return { do: "assign", agent_id: null, me: true };
    case "team": return { do: "team", team_id: null };
    case "tags": return { do: "tags", add: [], remove: [] };
    case "status": return { do: "status", status: "closed" };
    case "priority": return { do: "priority", priority: "high" };
    case "snooze": return { do: "snooze", until: "tomorrow" };
  }
}

/** The rows with one of them moved up (-1) or down (1); at either end it stays. */
export function moved(rows: Row[], uid: number, by: -1 | 1): Row[] {
  const from = rows.findIndex((row) => row.uid === uid);
  const to = from + by;
  if (from < 0 || to < 0 || to >= rows.length) return rows;
  const next = [...rows];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** Whether an action says all that it needs. */
export function isWhole(step: Step): boolean {
  if (step.do === "reply" || step.do === "note") return step.text.trim() !== "";
  if (step.do === "tags") return step.add.length + step.remove.length > 0;
  return true;
}

/** Tags as they are typed, parted by commas. */
export const tagsOf = (typed: string): string[] => [...new Set(typed.split(",").map((tag) => tag.trim()).filter(Boolean))];
