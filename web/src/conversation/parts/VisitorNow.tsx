import type { Visitor } from "../../client/nouns";
import { t } from "../../i18n";

/** Whether the visitor has the chat on screen somewhere. */
export function VisitorNow({ visitor }: { visitor: Visitor }) {
  return <span className={visitor.online ? "visitor-now online" : "visitor-now"}>{t(visitor.online ? "visitor.online" : "visitor.away")}</span>;
}
