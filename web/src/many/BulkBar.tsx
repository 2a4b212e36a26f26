import { useQueryClient } from "@tanstack/react-query";
import { Icon, IconButton, Picker, type IconName } from "@rapport/ui";
import { useState } from "react";
import { useMe } from "../account/people";
import { useCommands } from "../app/commands";
import { useMemory } from "../app/memory";
import { findConversation } from "../conversation/cache";
import type { ListFilter } from "../conversation/queries";
import { clearSelection, selection } from "../conversation/selection";
import { t, type MessageKey } from "../i18n";
import type { ManyChange } from "./change";
import { useOffers, type PickerName } from "./choices";
import { useMany } from "./useMany";

type BarProps = { filter: ListFilter; shown: number[]; total: number | null; more: boolean };

const pickers: { name: PickerName; icon: IconName; keys: string; label: MessageKey; also?: string }[] = [
  { name: "snooze", icon: "snooze", keys: "H", label: "command.snooze", also: "later" },
  { name: "assignee", icon: "person", keys: "A", label: "command.assign" },
  { name: "team", icon: "people", keys: "T", label: "command.team" },
  { name: "status", icon: "statusOpen", keys: "S", label: "command.status" },
  { name: "priority", icon: "flag", keys: "P", label: "command.priority" },
  { name: "tags", icon: "tag", keys: "L", label: "command.tags", also: "label" },
];

/** What is done with the chosen conversations: the keys and pickers of one, for all of them. */
export default function BulkBar({ filter, shown, total, more }: BarProps) {
  const client = useQueryClient();
  const { ids, all } = useMemory(selection);
  const [open, setOpen] = useState<PickerName | null>(null);
  const { agent } = useMe();
  const many = useMany();
  const rows = [...ids].map((id) => findConversation(client, id)).filter((row) => row !== undefined);
  const tags = [...new Set(rows.flatMap((row) => row.tags))];
  const offers = useOffers(tags);
  const count = all ? (total ?? ids.size) : ids.size;
  const closing = rows.some((row) => row.status !== "closed");
  const spam = !rows.every((row) => row.spam);

  function run(change: ManyChange) {
    many({ ids: [...ids], all: all ? filter : null, count }, change);
    clearSelection();
  }
  const toggle = () => run({ do: "status", status: closing ? "closed" : "open" });
  const close = closing ? t("action.closeConversation") : t("action.reopen");
  const spamWords = spam ? t("command.spam") : t("command.notSpam");
  const named = (words: string) => `${words} · ${t("many.count", { n: count })}`;
  useCommands([
    { id: "close", label: named(close), keys: "E", group: "conversation", icon: "check", also: "done resolve", run: toggle },
    ...pickers.map((each) => ({ id: each.name, label: named(t(each.label)), keys: each.keys, group: "conversation" as const, icon: each.icon, also: each.also ?? "", run: () => setOpen(each.name) })),
    { id: "assignMe", label: named(t("command.assignMe")), keys: "I", group: "conversation", icon: "person", also: "take", run: () => run({ do: "assignee", assignee_id: agent.id }) },
    { id: "untag", label: named(t("many.untag")), group: "conversation", icon: "tag", run: () => setOpen("untag") },
    { id: "spam", label: named(spamWords), keys: "!", group: "conversation", icon: "ban", run: () => run({ do: "spam", spam }) },
    { id: "list.back", label: t("many.clear"), keys: "Esc", group: "list", keyOnly: true, run: () => void clearSelection() },
  ], true);

  const picker = (name: PickerName, icon: IconName, label: string, keys?: string) => (
    <Picker
      key={name} label={named(label)} placeholder={t("picker.type")} nothing={t("picker.nothing")} choices={offers[name].choices} open={open === name}
      onOpen={(next) => setOpen(next ? name : null)} onPick={(value) => run(offers[name].changeFor(value))}
      {...(name === "tags" && { create: (typed: string) => ({ value: typed, label: t("picker.newTag", { name: typed }), mark: <Icon name="plus" /> }) })}
      trigger={<IconButton icon={icon} label={label} {...(keys && { keys })} />}
    />
  );
  return (
    <div className="bulk" role="toolbar" aria-label={t("many.selected", { n: count })}>
      <div className="bulk-count">
        <b role="status">{t("many.selected", { n: count })}</b>
        {!all && more && shown.every((id) => ids.has(id)) && (
          <button type="button" className="link" onClick={() => selection.set({ ids, all: true })}>{total === null ? t("many.allInView") : t("many.allOf", { n: total })}</button>
        )}
        <span className="grow" />
        <IconButton small icon="x" label={t("many.clear")} keys="Esc" onClick={() => clearSelection()} />
      </div>
      <div className="bulk-actions">
        <IconButton icon={closing ? "check" : "undo"} label={close} keys="E" onClick={toggle} />
        {pickers.map((each) => picker(each.name, each.icon, t(each.label), each.keys))}
        {tags.length > 0 && open === "untag" && picker("untag", "tag", t("many.untag"))}
        <IconButton icon="ban" label={spamWords} keys="!" onClick={() => run({ do: "spam", spam })} />
      </div>
    </div>
  );
}
