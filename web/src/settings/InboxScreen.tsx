import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button, Card, Empty, Icon, Select, showToast, TextArea, TextField } from "@rapport/ui";
import { useState } from "react";
import { Page } from "../app/Page";
import { messageOf, Problem } from "../client/problem";
import type { Inbox } from "../client/nouns";
import { t } from "../i18n";
import { formOf, settingsOf, type MailForm } from "./mailServers";
import { ConnectionTest } from "./parts/ConnectionTest";
import { MembersCard } from "./parts/MembersCard";
import { ServerFields } from "./parts/ServerFields";
import { inboxes as verbs, useInboxChange, useInboxes } from "./queries";

/** Add an inbox, or change one. Any provider: two servers, an address, a test that says in words what is wrong. */
export function InboxScreen() {
  const { id } = useParams({ from: "/gate/settings/inboxes/$id" });
  const inboxes = useInboxes();
  const inbox = inboxes.find((each) => String(each.id) === id);
  if (id !== "new" && !inbox) return <Page title={t("settings.inboxes")}><Empty icon="mail" title={t("error.notFound")} /></Page>;
  return <InboxForm key={id} inbox={inbox} />;
}

function InboxForm({ inbox }: { inbox: Inbox | undefined }) {
  const [form, setForm] = useState(() => formOf(inbox));
  const [rules, setRules] = useState({ reply_status: inbox?.reply_status ?? "pending", reopen_days: inbox?.reopen_days ?? 14, signature: inbox?.signature ?? "" });
  const navigate = useNavigate();
  const set = (patch: Partial<MailForm>) => setForm((now) => ({ ...now, ...patch }));
  const fields = { name: form.name || form.address, email: settingsOf(form) };
  const save = useInboxChange(async () => (inbox ? verbs.change({ id: inbox.id, ...fields, ...rules }) : verbs.add(fields)), true);
  const about = (field: string) => (save.error instanceof Problem ? save.error.about(field) : null);
  function submit() {
    save.mutate(undefined, {
      onSuccess: (saved) => {
        showToast({ text: t("action.saved"), seconds: 3 });
        void navigate({ to: "/settings/inboxes/$id", params: { id: String(saved.id) } });
      },
    });
  }
  return (
    <Page
      title={inbox ? inbox.name : t("inboxes.new")} back={<Link className="back" to="/settings/inboxes"><Icon name="left" />{t("settings.inboxes")}</Link>}
      actions={inbox && <RemoveButton inbox={inbox} />}
    >
      <form className="two" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <div className="column wide">
          {save.error && <p className="banner danger" role="alert">{messageOf(save.error)}</p>}
          <TextField label={t("inboxes.address")} type="email" icon="mail" required value={form.address} wrong={about("address")} onChange={(event) => set({ address: event.target.value })} />
          <TextField label={t("inboxes.name")} hint={t("inboxes.name.hint")} value={form.name} wrong={about("name")} onChange={(event) => set({ name: event.target.value })} />
          <ServerFields kind="imap" title={t("inboxes.receiving")} on={form.receives} server={form.imap} onOn={(receives) => set({ receives })} onChange={(imap) => set({ imap: { ...form.imap, ...imap } })} />
          <ServerFields kind="smtp" title={t("inboxes.sending")} on={form.sends} server={form.smtp} onOn={(sends) => set({ sends })} onChange={(smtp) => set({ smtp: { ...form.smtp, ...smtp } })} />
          {inbox && <RulesCard rules={rules} onChange={(patch) => setRules((now) => ({ ...now, ...patch }))} />}
          {inbox && <MembersCard inbox={inbox} />}
        </div>
        <aside className="column">
          <ConnectionTest email={settingsOf(form)} inboxId={inbox?.id} />
          <Button type="submit" look="primary" size="wide big" busy={save.isPending} disabled={!form.address.includes("@")}>{inbox ? t("action.save") : t("inboxes.connect")}</Button>
          {!inbox && <p className="quiet">{t("inboxes.promise")}</p>}
        </aside>
      </form>
    </Page>
  );
}

type Rules = { reply_status: Inbox["reply_status"]; reopen_days: number; signature: string };

function RulesCard({ rules, onChange }: { rules: Rules; onChange: (patch: Partial<Rules>) => void }) {
  return (
    <Card title={t("inboxes.rules")}>
      <div className="card-body">
        <Select label={t("inboxes.replyStatus")} value={rules.reply_status} onChange={(event) => onChange({ reply_status: event.target.value as Inbox["reply_status"] })}>
          {(["pending", "open", "closed"] as const).map((status) => <option key={status} value={status}>{t(`status.${status}`)}</option>)}
        </Select>
        <TextField label={t("inboxes.reopenDays")} hint={t("inboxes.reopenDays.hint")} type="number" min={0} max={365} value={rules.reopen_days} onChange={(event) => onChange({ reopen_days: Number(event.target.value) })} />
        <TextArea label={t("inboxes.signature")} rows={3} value={rules.signature} onChange={(event) => onChange({ signature: event.target.value })} />
      </div>
    </Card>
  );
}

function RemoveButton({ inbox }: { inbox: Inbox }) {
  const navigate = useNavigate();
  const remove = useInboxChange(() => verbs.remove(inbox.id));
  return <Button look="bare" busy={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/settings/inboxes" }) })}>{t("inboxes.remove")}</Button>;
}
