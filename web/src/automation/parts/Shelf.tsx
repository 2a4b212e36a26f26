import { Card, Icon, IconButton, Menu, MenuItem, TextField } from "@rapport/ui";
import { useState, type ReactNode } from "react";
import { Ago } from "../../app/Ago";
import { fitOf } from "../../conversation/composer/menu/fuzzy";
import { t } from "../../i18n";
import { languageOf } from "../../i18n/language";

export type Kept = { id: number; name: string; folder: string; shared: boolean; uses: number; last_used_at: string | null };

type ShelfProps<T extends Kept> = {
  items: T[]; /** Other words under which one is found. */ also: (item: T) => string; excerpt: (item: T) => ReactNode; mark?: (item: T) => ReactNode;
  mayChange: (item: T) => boolean; onOpen: (item: T) => void; onCopy: ((item: T) => void) | null; onRemove: (item: T) => void;
};

/** Snippets or macros in their folders, found by typing. */
export function Shelf<T extends Kept>({ items, also, ...each }: ShelfProps<T>) {
  const [typed, setTyped] = useState("");
  const found = items.filter((item) => !typed.trim() || fitOf(`${item.name} ${item.folder} ${also(item)}`, typed) !== null);
  const folders = [...new Set(found.map((item) => item.folder))].sort((a, b) => a.localeCompare(b));
  return (
    <div className="column shelf">
      <TextField label={t("automation.find")} icon="search" type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
      {folders.map((folder) => (
        <Card key={folder} title={<span dir="auto">{folder || t("automation.noFolder")}</span>} end={<span className="quiet small">{found.filter((item) => item.folder === folder).length}</span>}>
          <ul className="rows">{found.filter((item) => item.folder === folder).map((item) => <ShelfRow key={item.id} item={item} {...each} />)}</ul>
        </Card>
      ))}
      {found.length === 0 && <p className="quiet">{t("automation.notFound")}</p>}
    </div>
  );
}

function ShelfRow<T extends Kept>({ item, excerpt, mark, mayChange, onOpen, onCopy, onRemove }: Omit<ShelfProps<T>, "items" | "also"> & { item: T }) {
  return (
    <li>
      <button type="button" className="grow" onClick={() => onOpen(item)}>
        <b className="cut" dir="auto" lang={languageOf(item.name)}>{item.name}</b>
        <span className="cut quiet small" dir="auto">{excerpt(item)}</span>
      </button>
      {mark?.(item)}
      {!item.shared && <span className="quiet small only-you"><Icon name="lock" size={12} />{t("automation.onlyYou")}</span>}
      <span className="quiet small used roomy">{item.last_used_at ? <>{t("automation.used", { n: item.uses })}<br /><Ago at={item.last_used_at} /></> : t("automation.neverUsed")}</span>
      <Menu trigger={<IconButton icon="more" label={t("automation.more", { name: item.name })} />}>
        <MenuItem icon={mayChange(item) ? "edit" : "eye"} onSelect={() => onOpen(item)}>{mayChange(item) ? t("action.edit") : t("automation.look")}</MenuItem>
        {onCopy && <MenuItem icon="copy" onSelect={() => onCopy(item)}>{t("automation.copy")}</MenuItem>}
        {mayChange(item) && <MenuItem icon="x" danger onSelect={() => onRemove(item)}>{t("automation.remove")}</MenuItem>}
      </Menu>
    </li>
  );
}
