import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Dialog, Icon, Segments, Select, TextField } from "@rapport/ui";
import { useState } from "react";
import { useCan } from "../account/people";
import { api } from "../client/fetch";
import { messageOf, Problem } from "../client/problem";
import type { View } from "../client/nouns";
import { conversationKeys } from "../conversation/queries";
import type { Column, Sort } from "../conversation/savedViews";
import { t } from "../i18n";
import { conditionsOf, type Content } from "./content";
import { LineGroup } from "./parts/LineGroup";
import { Sample } from "./parts/Sample";

const sorts: Sort[] = ["newest", "oldest", "created", "priority"];
const columns: Column[] = ["tags", "assignee", "team", "inbox", "priority", "number", "created"];

/** A view in sentences, and beside them what they find. */
export default function ViewEditor({ view, begun, onClose }: { view: View | null; begun: Content; onClose: () => void }) {
  const [content, setContent] = useState(begun);
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const mayShare = useCan("view.manage");
  const client = useQueryClient();
  const navigate = useNavigate();
  const conditions = conditionsOf(content);
  const set = (change: Partial<Content>) => setContent((now) => ({ ...now, ...change }));

  async function save() {
    setBusy(true);
    const { name, shared, sort } = content;
    const body = { name, shared, sort, columns: content.columns, conditions };
    try {
      const saved = view?.saved ? await api.put<View>(`/views/${view.saved.id}`, { ...body, version: view.saved.version }) : await api.post<View>("/views", body);
      await client.invalidateQueries({ queryKey: conversationKeys.views });
      onClose();
      void navigate({ to: "/", search: { view: saved.key } });
    } catch (error) {
      setWrong(error);
    } finally {
      setBusy(false);
    }
  }
  const named = wrong instanceof Problem ? wrong.about("name") : null;
  return (
    <Dialog
      title={t(view ? "saved.edit" : "saved.new")} closeLabel={t("action.close")} onClose={onClose} wide enterSends
      foot={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button look="primary" busy={busy} onClick={() => void save()}>{t("saved.save")}</Button></>}
    >
      <div className="view-editor">
        <div className="view-editor-asks">
          <TextField label={t("saved.name")} value={content.name} maxLength={60} wrong={named} onChange={(event) => set({ name: event.target.value })} />
          <LineGroup group="all" lines={content.all} onChange={(all) => set({ all })} />
          <LineGroup group="any" lines={content.any} onChange={(any) => set({ any })} />
          <Select label={t("saved.sort")} value={content.sort} onChange={(event) => set({ sort: event.target.value as Sort })}>
            {sorts.map((sort) => <option key={sort} value={sort}>{t(`saved.sort.${sort}`)}</option>)}
          </Select>
          <fieldset className="view-columns">
            <legend className="label">{t("saved.columns")}</legend>
            {columns.map((column) => (
              <button
                key={column} type="button" className="view-column" aria-pressed={content.columns.includes(column)}
                onClick={() => set({ columns: columns.filter((each) => (each === column) !== content.columns.includes(each)) })}
              >
                {content.columns.includes(column) && <Icon name="check" size={12} />}
                {t(`saved.column.${column}`)}
              </button>
            ))}
          </fieldset>
          {mayShare && (
            <Segments
              label={t("saved.whose")} value={content.shared ? "shared" : "personal"} onChange={(whose) => set({ shared: whose === "shared" })}
              options={[{ value: "personal", label: t("saved.personal"), icon: "person" }, { value: "shared", label: t("saved.shared"), icon: "people" }]}
            />
          )}
          {wrong !== null && !named && <p className="wrong" role="alert"><Icon name="alertCircle" size={12} />{messageOf(wrong)}</p>}
        </div>
        <Sample conditions={conditions} sort={content.sort} />
      </div>
    </Dialog>
  );
}
