import { useQuery } from "@tanstack/react-query";
import { Empty, Icon, useModal } from "@rapport/ui";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useCan } from "../account/people";
import { insertIntoReply } from "../conversation/composer/insert";
import { ranked } from "../conversation/composer/menu/fuzzy";
import { recentlyTaken, tookNow } from "../conversation/composer/menu/recent";
import { macrosQuery } from "../conversation/composer/menu/texts";
import { languageOf } from "../i18n/language";
import { t } from "../i18n";
import { Steps } from "./parts/Steps";
import { useMacroRun } from "./useMacroRun";
import "./automation.css";

/** Runs a macro on the open conversation: type, return. Used last first. */
export default function MacroPicker({ conversationId, onClose }: { conversationId: number; onClose: () => void }) {
  const { data: macros = [], isPending } = useQuery(macrosQuery);
  const run = useMacroRun();
  const navigate = useNavigate();
  const makes = useCan("automation.edit");
  const box = useModal(onClose);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const entries = ranked(
    macros.map((macro) => ({ key: `macro.${macro.id}`, group: macro.folder || t("slash.macros"), label: macro.name, also: `${macro.key} ${macro.folder}`, uses: macro.uses, macro })),
    typed, recentlyTaken(), t("slash.recent"), 50,
  );
  useEffect(() => setAt(0), [typed]);
  useEffect(() => void list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [at]);
  function take(entry: (typeof entries)[number] | undefined) {
    if (!entry) return;
    tookNow(entry.key);
    onClose();
    void run(entry.macro, conversationId, { reply: (words) => insertIntoReply(conversationId, words) });
  }
  function keyed(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt((n) => Math.min(n + 1, entries.length - 1));
    else if (event.key === "ArrowUp") setAt((n) => Math.max(n - 1, 0));
    else if (event.key === "Enter") take(entries[at]);
    else return;
    event.preventDefault();
  }
  const chosen = entries[at]?.macro;
  return (
    <dialog ref={box} className="palette macro-picker" aria-label={t("command.macro")}>
      <label className="palette-input">
        <Icon name="repeat" size={20} />
        <input
          autoFocus role="combobox" aria-expanded="true" aria-controls="macro-list" aria-activedescendant={entries[at] && `macro-${at}`}
          aria-label={t("command.macro")} placeholder={t("automation.pick")} value={typed} dir="auto" onChange={(event) => setTyped(event.target.value)} onKeyDown={keyed}
        />
      </label>
      <div className="macro-choice">
        <div className="palette-list" id="macro-list" role="listbox" aria-label={t("command.macro")} ref={list}>
          {entries.map((entry, n) => (
            <div key={entry.key} role="presentation">
              {entry.group !== entries[n - 1]?.group && <h3 role="presentation" dir="auto">{entry.group}</h3>}
              <div id={`macro-${n}`} className="palette-row" role="option" aria-selected={n === at} onPointerMove={() => setAt(n)} onClick={() => take(entry)}>
                <span className="cut" dir="auto" lang={languageOf(entry.label)}>{entry.label}</span>
              </div>
            </div>
          ))}
          {entries.length === 0 && macros.length > 0 && <p className="option-head">{t("automation.noMacro")}</p>}
        </div>
        {chosen && <aside className="macro-does" tabIndex={0} aria-label={t("automation.does")}><Steps actions={chosen.actions} /></aside>}
      </div>
      {!isPending && macros.length === 0 && (
        <Empty icon="repeat" title={t("automation.macros.none")} why={t("automation.macros.none.why")}
          action={makes && <button type="button" className="button" onClick={() => { onClose(); void navigate({ to: "/settings/macros" }); }}>{t("automation.macros.new")}</button>} />
      )}
    </dialog>
  );
}
