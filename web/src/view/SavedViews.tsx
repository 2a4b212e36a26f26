import "./view.css";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { IconButton, Menu, MenuItem, MenuLine } from "@rapport/ui";
import { createPortal } from "react-dom";
import { lazy, Suspense, useState, type ComponentType, type DragEvent, type KeyboardEvent } from "react";
import { useCommands, type Command } from "../app/commands";
import { shownKeys } from "../app/keys";
import { useMemory } from "../app/memory";
import type { View } from "../client/nouns";
import { setDensity } from "../conversation/density";
import { t } from "../i18n";
import { contentOf, contentOfList, editing, emptyContent } from "./content";
import { densities } from "./ListMenu";
import { useMayChange, useViewActions } from "./useViewActions";

const ViewEditor = lazy(() => import("./ViewEditor"));

/** How the column draws a view. */
type ViewLink = ComponentType<{ view: View; current: string }>;

const startNew = () => editing.set({ view: null, content: emptyContent() });
const edit = (view: View) => editing.set({ view, content: contentOf(view) });

/** The views that people have made: the shared ones, then one's own, each in an order that can be changed. */
export default function SavedViews({ views, current, link }: { views: View[]; current: string; link: ViewLink }) {
  const open = useMemory(editing);
  const shared = views.filter((view) => view.group === "shared");
  const personal = views.filter((view) => view.group === "personal");
  useSavedCommands(views, current);
  return (
    <>
      {shared.length > 0 && <SavedGroup head={t("views.saved")} views={shared} current={current} link={link} />}
      <SavedGroup head={t(shared.length > 0 ? "saved.own" : "views.saved")} views={personal} current={current} link={link} onNew={startNew} />
      {open && createPortal(<Suspense><ViewEditor key={open.view?.key ?? "new"} view={open.view} begun={open.content} onClose={() => editing.set(null)} /></Suspense>, document.body)}
    </>
  );
}

function SavedGroup({ head, views, current, link, onNew }: { head: string; views: View[]; current: string; link: ViewLink; onNew?: () => void }) {
  const { order } = useViewActions();
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  function drop() {
    if (dragged !== null && over !== null) void order(views, dragged, over);
    setDragged(null);
    setOver(null);
  }
  return (
    <div className="view-group saved">
      <div className="view-group-head">
        <h2>{head}</h2>
        {onNew && <IconButton small icon="plus" label={t("saved.new")} keys="⇧V" onClick={onNew} />}
      </div>
      {views.map((view, at) => (
        <SavedRow
          key={view.key} view={view} current={current} link={link} at={at} last={views.length - 1} isOver={over === at && dragged !== at} onMove={(to) => void order(views, at, to)}
          drag={{ onDragStart: () => setDragged(at), onDragEnd: drop, onDragOver: (event: DragEvent) => { if (dragged !== null) { event.preventDefault(); setOver(at); } } }}
        />
      ))}
    </div>
  );
}

type RowProps = { view: View; current: string; link: ViewLink; at: number; last: number; isOver: boolean; onMove: (to: number) => void; drag: { onDragStart: () => void; onDragEnd: () => void; onDragOver: (event: DragEvent) => void } };

function SavedRow({ view, current, link: ViewLink, at, last, isOver, onMove, drag }: RowProps) {
  const { remove } = useViewActions();
  const navigate = useNavigate();
  const may = useMayChange()(view);
  function keyed(event: KeyboardEvent) {
    if (!may || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    onMove(at + (event.key === "ArrowUp" ? -1 : 1));
  }
  async function drop() {
    if (view.key === current) await navigate({ to: "/", search: {} });
    await remove(view);
  }
  if (!may) return <ViewLink view={view} current={current} />;
  return (
    <div className="saved-row" data-over={isOver} draggable {...drag} onKeyDown={keyed}>
      <ViewLink view={view} current={current} />
      <Menu align="start" trigger={<IconButton small icon="more" label={t("saved.more", { name: view.name })} />}>
        <MenuItem icon="edit" onSelect={() => edit(view)}>{t("saved.edit")}</MenuItem>
        <MenuItem icon="up" keys={shownKeys("⌥↑")} disabled={at === 0} onSelect={() => onMove(at - 1)}>{t("saved.up")}</MenuItem>
        <MenuItem icon="down" keys={shownKeys("⌥↓")} disabled={at === last} onSelect={() => onMove(at + 1)}>{t("saved.down")}</MenuItem>
        <MenuLine />
        <MenuItem icon="x" danger onSelect={() => void drop()}>{t("saved.delete")}</MenuItem>
      </Menu>
    </div>
  );
}

/** 1 to 9 open saved views; making, changing and density are in the palette. */
function useSavedCommands(views: View[], current: string) {
  const navigate = useNavigate();
  const { q, sort } = useSearch({ from: "/gate/inbox" });
  const mayChange = useMayChange();
  const here = views.find((view) => view.key === current);
  useCommands([
    ...views.slice(0, 9).map((view, at): Command => ({ id: `view.${at + 1}`, label: view.name, keys: String(at + 1), group: "go", keyOnly: true, run: () => void navigate({ to: "/", search: { view: view.key } }) })),
    { id: "view.new", label: t("saved.new"), keys: "⇧V", group: "list", icon: "plus", run: startNew },
    { id: "view.save", label: t("saved.saveList"), group: "list", icon: "plus", run: () => editing.set({ view: null, content: contentOfList(current, here, q, sort) }) },
    ...(here && mayChange(here) ? [{ id: "view.edit", label: t("saved.edit"), group: "list" as const, icon: "edit" as const, run: () => edit(here) }] : []),
    ...densities.map((each): Command => ({ id: `density.${each}`, label: `${t("saved.density")}: ${t(`saved.density.${each}`)}`, group: "list", icon: "stack", run: () => setDensity(each) })),
  ]);
}
