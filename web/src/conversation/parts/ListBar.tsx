import { useNavigate } from "@tanstack/react-router";
import { Icon, IconButton } from "@rapport/ui";
import { lazy, Suspense } from "react";
import { overlay } from "../../app/frame/overlay";
import { useMemory } from "../../app/memory";
import type { View } from "../../client/nouns";
import { t, withWords } from "../../i18n";
import { waiting } from "../live";
import type { ListFilter } from "../queries";
import { countOf } from "../viewNames";

const ListMenu = lazy(() => withWords("desk", import("../../view/ListMenu")));

type ListBarProps = { filter: ListFilter; name: string; count: View | undefined; onNew: () => void; onWrite: (() => void) | null };

/** Name and count of the view, what waits, and the order. */
export function ListBar({ filter, name, count, onNew, onWrite }: ListBarProps) {
  const navigate = useNavigate();
  const fresh = useMemory(waiting)[JSON.stringify(filter)]?.length ?? 0;
  const usual = count?.saved?.sort ?? "newest";
  const oldest = (filter.sort ?? usual) === "oldest";
  const other = oldest ? "newest" : "oldest";
  return (
    <header className="list-bar">
      <IconButton className="from-narrow" icon="menu" iconSize={20} label={t("frame.views")} onClick={() => overlay.set("views")} />
      <h2 className="cut" dir="auto">{name}</h2>
      {count && <span className="count">{countOf(count)}</span>}
      {filter.q && <IconButton small icon="x" label={t("list.clear")} onClick={() => void navigate({ to: "/", search: { view: filter.view } })} />}
      {fresh > 0 && (
        <button type="button" className="new-pill" onClick={onNew}>
          <Icon name="up" size={12} />
          {t("list.new", { n: fresh })}
        </button>
      )}
      <span className="grow" />
      <IconButton
        icon="sort" label={oldest ? t("list.newestFirst") : t("list.oldestFirst")} aria-pressed={oldest}
        onClick={() => void navigate({ to: ".", search: { view: filter.view, q: filter.q, sort: other === usual ? undefined : other } })}
      />
      <Suspense fallback={<span className="icon-button" />}><ListMenu filter={filter} view={count} /></Suspense>
      {onWrite && <IconButton className="from-narrow" icon="edit" label={t("conversation.new")} keys="C" onClick={onWrite} />}
    </header>
  );
}
