import { useNavigate } from "@tanstack/react-router";
import { IconButton, Menu, MenuHead, MenuItem, MenuLine } from "@rapport/ui";
import { useMemory } from "../app/memory";
import type { View } from "../client/nouns";
import { density, setDensity, type Density } from "../conversation/density";
import type { ListFilter } from "../conversation/queries";
import { t } from "../i18n";
import { contentOf, contentOfList, editing } from "./content";
import { useMayChange } from "./useViewActions";

export const densities: Density[] = ["compact", "default", "comfortable"];

/** How the list is shown, and keeping it as a view. */
export default function ListMenu({ filter, view }: { filter: ListFilter; view: View | undefined }) {
  const dense = useMemory(density);
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const sort = filter.sort ?? (view?.saved?.sort === "oldest" ? "oldest" : "newest");
  const order = (next: "newest" | "oldest") => void navigate({ to: ".", search: { view: filter.view, q: filter.q, sort: next } });
  return (
    <Menu trigger={<IconButton icon="filter" label={t("saved.listMenu")} />}>
      <MenuHead>{t("saved.density")}</MenuHead>
      {densities.map((each) => (
        <Choice key={each} on={each === dense} onSelect={() => setDensity(each)}>{t(`saved.density.${each}`)}</Choice>
      ))}
      <MenuLine />
      <MenuHead>{t("saved.sort")}</MenuHead>
      {(["newest", "oldest"] as const).map((each) => (
        <Choice key={each} on={each === sort} onSelect={() => order(each)}>{t(`saved.sort.${each}`)}</Choice>
      ))}
      <MenuLine />
      {view?.saved && mayChange(view) && !filter.q && <MenuItem icon="edit" onSelect={() => editing.set({ view, content: contentOf(view) })}>{t("saved.edit")}</MenuItem>}
      <MenuItem icon="plus" onSelect={() => editing.set({ view: null, content: contentOfList(filter.view, view, filter.q, filter.sort) })}>{t("saved.saveList")}</MenuItem>
    </Menu>
  );
}

function Choice({ on, onSelect, children }: { on: boolean; onSelect: () => void; children: string }) {
  if (on) return <MenuItem icon="check" onSelect={onSelect}>{children}<span className="only-read"> {t("saved.on")}</span></MenuItem>;
  return <MenuItem onSelect={onSelect}><span className="unchecked">{children}</span></MenuItem>;
}
