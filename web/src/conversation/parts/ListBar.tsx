import { useNavigate } from "@tanstack/react-router";
import { Icon, IconButton } from "@rapport/ui";
import { overlay } from "../../app/frame/overlay";
import { useMemory } from "../../app/memory";
import type { View } from "../../client/nouns";
import { currentLanguage, t } from "../../i18n";
import { number } from "../../i18n/message";
import { waiting } from "../live";
import type { ListFilter } from "../queries";

type ListBarProps = { filter: ListFilter; name: string; count: View | undefined; onNew: () => void; onWrite: (() => void) | null };

/** Name and count of the view, what waits, and the order. */
export function ListBar({ filter, name, count, onNew, onWrite }: ListBarProps) {
  const navigate = useNavigate();
  const fresh = useMemory(waiting)[JSON.stringify(filter)]?.length ?? 0;
  const oldest = filter.sort === "oldest";
  return (
    <header className="list-bar">
      <IconButton className="from-narrow" icon="menu" iconSize={20} label={t("frame.views")} onClick={() => overlay.set("views")} />
      <h2 className="cut" dir="auto">{name}</h2>
      {count && <span className="count">{count.more ? "999+" : number(count.count, currentLanguage())}</span>}
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
        onClick={() => void navigate({ to: ".", search: { view: filter.view, q: filter.q, sort: oldest ? undefined : "oldest" } })}
      />
      {onWrite && <IconButton className="from-narrow" icon="edit" label={t("conversation.new")} keys="C" onClick={onWrite} />}
    </header>
  );
}
