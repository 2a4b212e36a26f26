import { useNavigate } from "@tanstack/react-router";
import { Button, showToast, TextField } from "@rapport/ui";
import { useState } from "react";
import { Page } from "../app/Page";
import { messageOf, Problem } from "../client/problem";
import type { Inbox } from "../client/nouns";
import { t } from "../i18n";
import { ConnectMailbox } from "./mail/ConnectMailbox";
import { AcknowledgementCard } from "./mail/parts/AcknowledgementCard";
import { DomainCard } from "./mail/parts/DomainCard";
import { RoundTripCard } from "./mail/parts/RoundTripCard";
import { authorizationOf, ReconnectCard } from "./mail/parts/ReconnectCard";
import { TemplateCard } from "./mail/parts/TemplateCard";
import { formOf, settingsOf, type MailForm } from "./mailServers";
import { ConnectionTest } from "./parts/ConnectionTest";
import { BackToInboxes, RemoveButton } from "./parts/InboxHead";
import { MembersCard } from "./parts/MembersCard";
import { RulesCard, rulesOf } from "./parts/RulesCard";
import { ServerFields } from "./parts/ServerFields";
import { inboxes as verbs, useInboxChange } from "./queries";

/** Connect a mailbox, or change one. */
export default function MailInboxScreen({ inbox }: { inbox: Inbox | undefined }) {
  return inbox ? <ConnectedMailbox inbox={inbox} /> : <ConnectMailbox />;
}

/** Any provider: two servers, an address, a test that says in words what is wrong. */
function ConnectedMailbox({ inbox }: { inbox: Inbox }) {
  const [form, setForm] = useState(() => formOf(inbox));
  const [rules, setRules] = useState(() => rulesOf(inbox));
  const signIn = authorizationOf(inbox);
  const navigate = useNavigate();
  const set = (patch: Partial<MailForm>) => setForm((now) => ({ ...now, ...patch }));
  const fields = { name: form.name || form.address, email: settingsOf(form) };
  const { signature: _, signature_html: __, ...kept } = rules; // it is kept with the template
  const save = useInboxChange(async () => verbs.change({ id: inbox.id, ...fields, ...kept }), true);
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
      title={inbox.name} back={<BackToInboxes isNew={false} />} actions={<RemoveButton inbox={inbox} />}
    >
      <form className="two" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <div className="column wide">
          {save.error && <p className="banner danger" role="alert">{messageOf(save.error)}</p>}
          {signIn && <ReconnectCard inbox={inbox} id={signIn} />}
          <TextField label={t("inboxes.address")} type="email" icon="mail" required value={form.address} wrong={about("address")} onChange={(event) => set({ address: event.target.value })} />
          <TextField label={t("inboxes.name")} hint={t("inboxes.name.hint")} value={form.name} wrong={about("name")} onChange={(event) => set({ name: event.target.value })} />
          <ServerFields kind="imap" title={t("inboxes.receiving")} on={form.receives} server={form.imap} onOn={(receives) => set({ receives })} onChange={(imap) => set({ imap: { ...form.imap, ...imap } })} />
          <ServerFields kind="smtp" title={t("inboxes.sending")} on={form.sends} server={form.smtp} onOn={(sends) => set({ sends })} onChange={(smtp) => set({ smtp: { ...form.smtp, ...smtp } })} />
          {inbox.email?.smtp && <DomainCard address={inbox.address} host={inbox.email.smtp.host} />}
          <RulesCard rules={rules} onChange={(patch) => setRules((now) => ({ ...now, ...patch }))} />
          <TemplateCard inbox={inbox} />
          <AcknowledgementCard inbox={inbox} />
          <MembersCard inbox={inbox} />
        </div>
        <aside className="column">
          <ConnectionTest email={settingsOf(form)} inboxId={inbox.id} />
          <RoundTripCard inbox={inbox} />
          <Button type="submit" look="primary" size="wide big" busy={save.isPending} disabled={!form.address.includes("@")}>{t("action.save")}</Button>
        </aside>
      </form>
    </Page>
  );
}
