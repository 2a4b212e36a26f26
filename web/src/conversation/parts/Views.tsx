import { Link } from "@tanstack/react-router";
import { Icon, IconButton } from "@rapport/ui";
import { JumpBox } from "../../app/frame/JumpBox";
import { closeOverlay } from "../../app/frame/overlay";
import type { View } from "../../client/nouns";
import { currentLanguage, t } from "../../i18n";
import { number } from "../../i18n/message";
import { useInboxes } from "../../settings/queries";
import { useViews } from "../queries";
import { viewIcon, viewName } from "../viewNames";

const groups = [
  { group: "standard", head: null },
  { group: "team", head: "views.teams" },
  { group: "inbox", head: "views.inboxes" },
] as const;

/** A view is where one is only when the whole address says so, "no view" included. */
const exactly = { exact: true, includeSearch: true, explicitUndefined: true };

/** The views with their counts. Below 1,200 px they fold behind a button. */
export function Views({ current, folded, onWrite }: { current: string; folded: boolean; onWrite: (() => void) | null }) {
  const views = useViews();
  return (
    <aside className="views" aria-label={t("frame.inbox")} data-folded={folded}>
      <header className="views-head">
        <h1>{t("frame.inbox")}</h1>
        {onWrite && <IconButton small icon="edit" label={t("conversation.new")} keys="C" onClick={onWrite} />}
      </header>
      <JumpBox />
      {groups.map(({ group, head }) => (
        <ViewGroup key={group} head={head && t(head)} views={views.filter((view) => view.group === group)} current={current} />
      ))}
    </aside>
  );
}

function ViewGroup({ head, views, current }: { head: string | null; views: View[]; current: string }) {
  const inboxes = useInboxes();
  if (views.length === 0) return null;
  return (
    <div className="view-group">
      {head && <h2>{head}</h2>}
      {views.map((view) => (
        <Link key={view.key} to="/" search={{ view: view.key === "mine" ? undefined : view.key }} className="view" activeOptions={exactly} aria-current={view.key === current ? "page" : undefined} onClick={closeOverlay}>
          <Icon name={viewIcon(view.key, inboxes)} />
          <span dir="auto">{viewName(view)}</span>
          {view.count > 0 && <b className="count">{view.more ? `${number(999, currentLanguage())}+` : number(view.count, currentLanguage())}</b>}
        </Link>
      ))}
    </div>
  );
}
