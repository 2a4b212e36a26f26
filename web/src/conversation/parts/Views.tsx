import { Link } from "@tanstack/react-router";
import { Icon, IconButton } from "@rapport/ui";
import { lazy, Suspense } from "react";
import { JumpBox } from "../../app/frame/JumpBox";
import { closeOverlay } from "../../app/frame/overlay";
import type { View } from "../../client/nouns";
import { t, withWords } from "../../i18n";
import { useInboxes } from "../../settings/queries";
import { useViews } from "../queries";
import { savedOf } from "../savedViews";
import { countOf, viewIcon, viewName } from "../viewNames";

/** The same rows, with what can be done to them. */
const SavedViews = lazy(() => withWords("desk", import("../../view/SavedViews")));

const groups = [
  { group: "standard", head: null },
  { group: "team", head: "views.teams" },
  { group: "saved", head: "views.saved" },
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
        group === "saved" ? (
          <Suspense key={group} fallback={<ViewGroup head={t(head)} views={savedOf(views)} current={current} />}>
            <SavedViews views={savedOf(views)} current={current} link={ViewLink} />
          </Suspense>
        ) : <ViewGroup key={group} head={head && t(head)} views={views.filter((view) => view.group === group)} current={current} />
      ))}
    </aside>
  );
}

function ViewGroup({ head, views, current }: { head: string | null; views: View[]; current: string }) {
  if (views.length === 0) return null;
  return (
    <div className="view-group">
      {head && <h2>{head}</h2>}
      {views.map((view) => <ViewLink key={view.key} view={view} current={current} />)}
    </div>
  );
}

function ViewLink({ view, current }: { view: View; current: string }) {
  const inboxes = useInboxes();
  const name = viewName(view);
  return (
    <Link to="/" search={{ view: view.key === "mine" ? undefined : view.key }} className="view" activeOptions={exactly} aria-current={view.key === current ? "page" : undefined} onClick={closeOverlay}>
      <Icon name={viewIcon(view.key, inboxes)} />
      <span dir="auto" title={view.saved ? name : undefined}>{name}</span>
      {view.count > 0 && <b className="count">{countOf(view)}</b>}
    </Link>
  );
}
