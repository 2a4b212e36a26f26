import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, type NavigateFn } from "@tanstack/react-router";
import { Icon, useModal, type IconName } from "@rapport/ui";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { api } from "../../client/fetch";
import type { SearchResult } from "../../client/nouns";
import { viewName } from "../../conversation/viewNames";
import { useViews } from "../../conversation/queries";
import { savedOf } from "../../conversation/savedViews";
import { t } from "../../i18n";
import { channelIcon } from "../channelIcon";
import { useAllCommands, type Command } from "../commands";
import { shownKeys } from "../keys";
import { closeOverlay } from "./overlay";

type Entry = { id: string; group: string; icon: IconName; label: string; sub?: string; keys?: string; run: () => void };

/** One box for actions, views, conversations and customers. */
export default function Palette() {
  const [typed, setTyped] = useState("");
  const box = useModal(closeOverlay);
  const entries = useEntries(typed);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => setAt(0), [typed]);
  useEffect(() => {
    void list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);

  function run(entry: Entry | undefined) {
    if (!entry) return;
    closeOverlay();
    window.setTimeout(entry.run);
  }
  function keyed(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt((n) => Math.min(n + 1, entries.length - 1));
    else if (event.key === "ArrowUp") setAt((n) => Math.max(n - 1, 0));
    else if (event.key === "Enter") run(entries[at]);
    else return;
    event.preventDefault();
  }
  return (
    <dialog ref={box} className="palette" aria-label={t("command.palette")}>
      <label className="palette-input">
        <Icon name="search" size={20} />
        <input
          autoFocus role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={entries[at] && `palette-${at}`}
          aria-label={t("command.palette")} placeholder={t("command.placeholder")} value={typed} dir="auto" onChange={(event) => setTyped(event.target.value)} onKeyDown={keyed}
        />
      </label>
      <div className="palette-list" id="palette-list" role="listbox" aria-label={t("command.palette")} ref={list}>
        {entries.map((entry, n) => (
          <div key={entry.id}>
            {entry.group !== entries[n - 1]?.group && <h3 role="presentation">{entry.group}</h3>}
            <div id={`palette-${n}`} className="palette-row" role="option" aria-selected={n === at} onPointerMove={() => setAt(n)} onClick={() => run(entry)}>
              <Icon name={entry.icon} />
              <span className="cut" dir="auto">{entry.label}{entry.sub && <span className="quiet"> {entry.sub}</span>}</span>
              {entry.keys && <kbd>{shownKeys(entry.keys)}</kbd>}
            </div>
          </div>
        ))}
        {entries.length === 0 && <p className="option-head">{t("command.nothing")}</p>}
      </div>
    </dialog>
  );
}

function useEntries(typed: string): Entry[] {
  const navigate = useNavigate();
  const wanted = typed.trim().toLocaleLowerCase();
  const commands = useAllCommands().filter((command) => !command.keyOnly && matches(command, wanted));
  const all = useViews();
  const saved = savedOf(all);
  const views = all.filter((view) => wanted && viewName(view).toLocaleLowerCase().includes(wanted));
  const found = useFound(typed.trim(), navigate);
  const inConversation = commands.filter((command) => command.group === "conversation");
  const elsewhere = commands.filter((command) => command.group !== "conversation");
  return [
    ...inConversation.map((command) => commandEntry(command, t("command.group.conversation"))),
    ...views.map((view): Entry => ({
      id: `view.${view.key}`, group: t("command.views"), icon: view.saved ? "filter" : "stack", label: viewName(view), keys: view.saved && saved.indexOf(view) < 9 ? String(saved.indexOf(view) + 1) : undefined, run: () => void navigate({ to: "/", search: { view: view.key } }),
    })),
    ...found,
    ...elsewhere.map((command) => commandEntry(command, t("command.group.go"))),
  ];
}

function matches(command: Command, wanted: string) {
  return !wanted || `${command.label} ${command.also ?? ""}`.toLocaleLowerCase().includes(wanted);
}

function commandEntry(command: Command, group: string): Entry {
  return { id: command.id, group, icon: command.icon ?? "keyboard", label: command.label, keys: command.keys, run: command.run };
}

function useFound(q: string, navigate: NavigateFn): Entry[] {
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(q), 120);
    return () => window.clearTimeout(timer);
  }, [q]);
  const { data } = useQuery({ queryKey: ["search", asked], queryFn: ({ signal }) => api.get<SearchResult>("/search", { q: asked, limit: 8 }, signal), enabled: asked.length > 1, placeholderData: keepPreviousData });
  if (!data || q.length < 2) return [];
  return [
    ...data.conversations.map((found): Entry => ({
      id: `c.${found.id}`, group: t("command.conversations"), icon: channelIcon(found.channel), label: found.subject || found.excerpt, sub: `${found.contact.name}, #${found.number}`,
      run: () => void navigate({ to: "/c/$id", params: { id: String(found.id) }, search: (search) => search }),
    })),
    ...data.contacts.map((found): Entry => ({
      id: `p.${found.id}`, group: t("frame.customers"), icon: "person", label: found.name, sub: found.addresses[0]?.address,
      run: () => void navigate({ to: "/contacts/$id", params: { id: String(found.id) } }),
    })),
  ];
}
