import { Link } from "@tanstack/react-router";
import { Icon, IconButton, type IconName } from "@rapport/ui";
import type { ReactNode } from "react";
import { t } from "../i18n";
import { JumpBox } from "./frame/JumpBox";
import { closeOverlay, overlay } from "./frame/overlay";
import { useMemory } from "./memory";

/** A page on the sheet: title, a line below it, actions at the end. */
export function Page({ title, sub, back, actions, children }: { title: ReactNode; sub?: ReactNode; back?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <main className="sheet page" id="sheet">
      <header className="page-head">
        <IconButton className="from-narrow" icon="menu" iconSize={20} label={t("frame.views")} onClick={() => overlay.set("views")} />
        <div className="grow">
          {back}
          <h2 dir="auto">{title}</h2>
          {sub && <p>{sub}</p>}
        </div>
        {actions}
      </header>
      <div className="page-scroll">{children}</div>
    </main>
  );
}

export type PlaceGroup = { head?: string; places: { to: string; search?: Record<string, string | undefined>; icon: IconName; label: string; count?: number; exact?: boolean }[] };

/** The column beside the rail on pages: places of this area. */
export function Places({ title, groups }: { title: string; groups: PlaceGroup[] }) {
  const open = useMemory(overlay) === "views";
  return (
    <>
      <aside className="views" aria-label={title} data-folded={!open}>
        <header className="views-head"><h1>{title}</h1></header>
        <JumpBox />
        {groups.map((group) => (
          <div className="view-group" key={group.head ?? ""}>
            {group.head && <h2>{group.head}</h2>}
            {group.places.map((place) => (
              <Link key={place.label} to={place.to} search={place.search ?? {}} className="view" activeOptions={{ exact: place.exact ?? true, includeSearch: place.search !== undefined, explicitUndefined: true }} activeProps={{ "aria-current": "page" }} onClick={closeOverlay}>
                <Icon name={place.icon} />
                <span>{place.label}</span>
                {place.count ? <b className="count">{place.count}</b> : null}
              </Link>
            ))}
          </div>
        ))}
      </aside>
      {open && <button type="button" className="views-scrim" aria-label={t("action.close")} onClick={closeOverlay} />}
    </>
  );
}
