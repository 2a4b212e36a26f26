import "./chat.css";
import { useNavigate } from "@tanstack/react-router";
import { Button, Card, showToast, TextField } from "@rapport/ui";
import { isColour } from "@rapport/ui/brand";
import { useState } from "react";
import { useMe } from "../../account/people";
import { Page } from "../../app/Page";
import type { Inbox } from "../../client/nouns";
import { messageOf, Problem } from "../../client/problem";
import { t } from "../../i18n";
import { BackToInboxes, RemoveButton } from "../parts/InboxHead";
import { MembersCard } from "../parts/MembersCard";
import { RulesCard, rulesOf } from "../parts/RulesCard";
import { inboxes as verbs, useInboxChange } from "../queries";
import { chatOf, differs, formOf, type ChatForm } from "./chatForm";
import { troubleOf, weekdays } from "./hours";
import { GreetingCard } from "./parts/GreetingCard";
import { HoursCard } from "./parts/HoursCard";
import { IdentityCard } from "./parts/IdentityCard";
import { InstallCard } from "./parts/InstallCard";
import { LookCard } from "./parts/LookCard";
import { Preview } from "./parts/Preview";
import { SitesCard } from "./parts/SitesCard";
import { VisitorsCard } from "./parts/VisitorsCard";

/** A chat for the company's site: how it looks, when somebody is there, where it may stand; and beside it the chat itself, as it will be. */
export default function ChatInboxScreen({ inbox }: { inbox: Inbox | undefined }) {
  const { agent: { time_zone: zone }, workspace } = useMe();
  const navigate = useNavigate();
  const [form, setForm] = useState(() => formOf(inbox, zone, workspace.name));
  const [rules, setRules] = useState(() => rulesOf(inbox));
  const set = (patch: Partial<ChatForm>) => setForm((now) => ({ ...now, ...patch }));
  const save = useInboxChange(async () => {
    const fields = { name: form.name.trim(), chat: chatOf(form) };
    return inbox ? verbs.change({ id: inbox.id, ...fields, reply_status: rules.reply_status, reopen_days: rules.reopen_days }) : verbs.addChat(fields);
  }, true);
  const changed = !inbox || differs(form, rules, inbox, zone);
  const about = (field: string) => (save.error instanceof Problem ? save.error.about(field) : null);
  const ready = form.name.trim() !== "" && changed && (form.brand === "" || isColour(form.brand)) && (form.always || weekdays.every((day) => troubleOf(form.week[day]!) === null));
  function submit() {
    save.mutate(undefined, {
      onSuccess: (saved) => {
        setForm(formOf(saved, zone));
        showToast({ text: inbox ? t("action.saved") : t("chat.added"), seconds: 3 });
        if (!inbox) void navigate({ to: "/settings/inboxes/$id", params: { id: String(saved.id) } });
      },
    });
  }
  return (
    <Page
      title={inbox ? inbox.name : t("inboxes.newChat")} back={<BackToInboxes isNew={!inbox} />}
      actions={
        <>
          {inbox && <span className="quiet roomy" role="status">{changed ? t("chat.unsaved") : ""}</span>}
          {inbox && <RemoveButton inbox={inbox} />}
          <Button look="primary" size="big" busy={save.isPending} disabled={!ready} onClick={submit}>{inbox ? t("action.save") : t("chat.add")}</Button>
        </>
      }
    >
      <form className="beside" onSubmit={(event) => { event.preventDefault(); if (ready) submit(); }}>
        <div className="column wide">
          {save.error && <p className="banner danger" role="alert">{messageOf(save.error)}</p>}
          {inbox?.chat && <InstallCard inbox={inbox} chat={inbox.chat} onAllowed={(saved) => set({ allowed_origins: saved.chat?.allowed_origins ?? [] })} />}
          <Card>
            <div className="card-body">
              <TextField label={t("inboxes.name")} hint={t("chat.name.hint")} value={form.name} wrong={about("name")} onChange={(event) => set({ name: event.target.value })} />
            </div>
          </Card>
          <SitesCard origins={form.allowed_origins} wrong={about("allowed_origins")} onChange={(allowed_origins) => set({ allowed_origins })} />
          <LookCard form={form} wrong={about("brand")} set={set} />
          <GreetingCard form={form} set={set} />
          <HoursCard form={form} set={set} />
          <VisitorsCard form={form} set={set} />
          {inbox?.chat && <IdentityCard inboxId={inbox.id} site={inbox.chat.site_key} has={inbox.chat.has_identity_secret} />}
          {inbox && <RulesCard rules={rules} onChange={(patch) => setRules((now) => ({ ...now, ...patch }))} />}
          {inbox && <MembersCard inbox={inbox} />}
        </div>
        <Preview form={form} siteKey={inbox?.chat?.site_key} />
      </form>
    </Page>
  );
}
