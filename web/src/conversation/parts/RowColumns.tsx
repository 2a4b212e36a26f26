import { useTeams } from "../../account/people";
import type { Conversation } from "../../client/nouns";
import { t } from "../../i18n";
import { useInboxes } from "../../settings/queries";
import type { Column } from "../savedViews";

/** What a view has chosen to show in its rows beside the usual. */
export function RowColumns({ conversation, columns }: { conversation: Conversation; columns: Column[] }) {
  const teams = useTeams();
  const inboxes = useInboxes();
  const { priority, number, team_id, inbox_id } = conversation;
  const said: Partial<Record<Column, string | undefined>> = {
    team: teams.find((team) => team.id === team_id)?.name,
    inbox: inboxes.find((inbox) => inbox.id === inbox_id)?.name,
    priority: priority === "normal" || priority === "urgent" ? undefined : t(`priority.${priority}`), // an urgent one says so beside the time
    number: `#${number}`,
  };
  return columns.map((column) => said[column] && <span key={column} className="extra" dir="auto">{said[column]}</span>);
}
