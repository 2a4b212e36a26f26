import "../conversation/composer/menu/menu.css";
import { Button, Dialog, Icon, IconButton, Menu, MenuItem, showToast } from "@rapport/ui";
import { useRef, useState, type KeyboardEvent } from "react";
import { messageOf } from "../client/problem";
import { Preview } from "../conversation/composer/menu/Preview";
import type { Step } from "../conversation/composer/menu/texts";
import { t } from "../i18n";
import { ActionFields } from "./parts/ActionFields";
import { HeadingFields } from "./parts/HeadingFields";
import { PreviewFor } from "./parts/PreviewFor";
import { stepIcons, Steps } from "./parts/Steps";
import { automation, useAutomationChange, type MacroDraft } from "./queries";
import { blank, isWhole, kinds, moved, type Row } from "./rows";

type MacroDialogProps = { id: number | null; draft: MacroDraft; readOnly?: boolean; folders: string[]; onClose: () => void };

/** Puts a macro together, an action a row, in the order in which they are done. */
export function MacroDialog({ id, draft, readOnly, folders, onClose }: MacroDialogProps) {
  const [fields, setFields] = useState(draft);
  const [rows, setRows] = useState<Row[]>(() => draft.actions.map((step, uid) => ({ uid, step })));
  const next = useRef(draft.actions.length);
  const list = useRef<HTMLOListElement>(null);
  const save = useAutomationChange(automation.saveMacro, true);
  const actions = rows.map((row) => row.step);
  const done = () => { showToast({ text: t("action.saved"), seconds: 3 }); onClose(); };
  function add(kind: Step["do"]) {
    const uid = next.current++;
    setRows((now) => [...now, { uid, step: blank(kind) }]);
    window.setTimeout(() => list.current?.querySelector<HTMLElement>(`[data-uid="${uid}"] :is(select, textarea, input, [role=textbox])`)?.focus(), 60);
  }
  function move(uid: number, by: -1 | 1) {
    const held = document.activeElement;
    setRows((now) => moved(now, uid, by));
    window.setTimeout(() => held instanceof HTMLElement && held.focus());
  }
  const said = actions.find((step) => step.do === "reply");
  const words = (said?.do === "reply" && said.text) || "";
  return (
    <Dialog
      wide title={id === null ? t("automation.macros.new") : draft.name} closeLabel={t("action.close")} onClose={onClose}
      foot={readOnly ? <Button look="primary" onClick={onClose}>{t("action.done")}</Button> : (
        <Button
          look="primary" busy={save.isPending} disabled={!fields.name.trim() || rows.length === 0 || !actions.every(isWhole)}
          onClick={() => save.mutate({ id, draft: { ...fields, actions } }, { onSuccess: done })}
        >
          {t("action.save")}
        </Button>
      )}
    >
      {save.error && <p className="bad" role="alert">{messageOf(save.error)}</p>}
      {readOnly ? <Steps actions={actions} /> : (
        <>
          <HeadingFields value={fields} folders={folders} onChange={(patch) => setFields((now) => ({ ...now, ...patch }))} />
          <section className="field">
            <span className="label">{t("automation.does")}</span>
            {rows.length > 0 && (
              <ol className="macro-rows" ref={list}>
                {rows.map(({ uid, step }, n) => (
                  <ActionRow key={uid} uid={uid} step={step} first={n === 0} last={n === rows.length - 1} onMove={(by) => move(uid, by)} onRemove={() => setRows((now) => now.filter((row) => row.uid !== uid))}
                    onChange={(changed) => setRows((now) => now.map((row) => (row.uid === uid ? { uid, step: changed } : row)))} />
                ))}
              </ol>
            )}
            <div>
              <Menu align="start" trigger={<Button icon="plus">{t("automation.addAction")}</Button>}>
                {kinds.map((kind) => <MenuItem key={kind} icon={stepIcons[kind]} disabled={kind === "reply" && said !== undefined} onSelect={() => add(kind)}>{t(`automation.do.${kind}`)}</MenuItem>)}
              </Menu>
            </div>
            <p className="hint">{rows.length > 1 ? t("automation.order") : t("automation.replyWaits")}</p>
          </section>
        </>
      )}
      {words && <PreviewFor>{(values) => <Preview title={t("automation.preview")} text={words} values={values} />}</PreviewFor>}
    </Dialog>
  );
}

type ActionRowProps = { uid: number; step: Step; first: boolean; last: boolean; onMove: (by: -1 | 1) => void; onRemove: () => void; onChange: (step: Step) => void };

function ActionRow({ uid, step, first, last, onMove, onRemove, onChange }: ActionRowProps) {
  const name = t(`automation.do.${step.do}`);
  function keyed(event: KeyboardEvent) {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(event.key === "ArrowUp" ? -1 : 1);
  }
  return (
    <li data-uid={uid} onKeyDown={keyed}>
      <Icon name={stepIcons[step.do]} />
      <div className="grow"><ActionFields step={step} label={name} onChange={onChange} /></div>
      <span className="row-tools">
        <IconButton small icon="down" className="upwards" label={t("automation.up", { name })} keys="⌥↑" disabled={first} onClick={() => onMove(-1)} />
        <IconButton small icon="down" label={t("automation.down", { name })} keys="⌥↓" disabled={last} onClick={() => onMove(1)} />
        <IconButton small icon="x" label={t("automation.take", { name })} onClick={onRemove} />
      </span>
    </li>
  );
}
