import "../chat/chat.css";
import "./form.css";
import { useNavigate } from "@tanstack/react-router";
import { Button, showToast } from "@rapport/ui";
import { useState } from "react";
import { Page } from "../../app/Page";
import type { Inbox } from "../../client/nouns";
import { messageOf, Problem } from "../../client/problem";
import { t } from "../../i18n";
import { SitesCard } from "../chat/parts/SitesCard";
import { BackToInboxes, RemoveButton } from "../parts/InboxHead";
import { MembersCard } from "../parts/MembersCard";
import { RulesCard, rulesOf } from "../parts/RulesCard";
import { inboxes as verbs, useInboxChange } from "../queries";
import { differs, formOf, settingsOf, troubleOf, type FormDraft } from "./formDraft";
import { AnswersCard } from "./parts/AnswersCard";
import { FieldsCard } from "./parts/FieldsCard";
import { Preview } from "./parts/Preview";
import { ShareCard } from "./parts/ShareCard";
import { WordsCard } from "./parts/WordsCard";

/** A contact form: what it asks, what it says, where it may stand; and beside it the page, as it will be. */
export default function FormInboxScreen({ inbox }: { inbox: Inbox | undefined }) {
  const navigate = useNavigate();
  const [form, setForm] = useState(() => formOf(inbox));
  const [rules, setRules] = useState(() => rulesOf(inbox));
  const set = (patch: Partial<FormDraft>) => setForm((now) => ({ ...now, ...patch }));
  const save = useInboxChange(async () => {
    const fields = { name: form.name.trim(), form: settingsOf(form) };
    return inbox ? verbs.change({ id: inbox.id, ...fields, ...rules }) : verbs.addForm(fields);
  }, true);
  const changed = !inbox || differs(form, rules, inbox);
  const trouble = troubleOf(form);
  const about = (path: string) => (save.error instanceof Problem ? (save.error.errors.find((error) => error.location === path || error.location === `form.${path}`)?.message ?? null) : null);
  const ready = changed && trouble === null;
  function submit() {
    save.mutate(undefined, {
      onSuccess: (saved) => {
        setForm(formOf(saved));
        setRules(rulesOf(saved));
        showToast({ text: inbox ? t("action.saved") : t("form.added"), seconds: 3 });
        if (!inbox) void navigate({ to: "/settings/inboxes/$id", params: { id: String(saved.id) } });
      },
    });
  }
  return (
    <Page
      title={inbox ? inbox.name : t("inboxes.newForm")} back={<BackToInboxes isNew={!inbox} />}
      actions={
        <>
          <span className="quiet roomy" role="status">{trouble && trouble !== "name" ? t(`form.trouble.${trouble}`) : inbox && changed ? t("chat.unsaved") : ""}</span>
          {inbox && <RemoveButton inbox={inbox} />}
          <Button look="primary" size="big" busy={save.isPending} disabled={!ready} onClick={submit}>{inbox ? t("action.save") : t("form.add")}</Button>
        </>
      }
    >
      <form className="beside" onSubmit={(event) => { event.preventDefault(); if (ready) submit(); }}>
        <div className="column wide">
          {save.error && <p className="banner danger" role="alert">{messageOf(save.error)}</p>}
          {inbox?.form && <ShareCard formKey={inbox.form.form_key} title={form.title || t("form.title.own")} origins={form.allowed_origins} />}
          <WordsCard form={form} about={about} set={set} />
          <FieldsCard form={form} about={(at, part) => about(`fields[${at}].${part}`)} set={set} />
          <SitesCard origins={form.allowed_origins} none={t("form.sites.none")} wrong={about("allowed_origins")} onChange={(allowed_origins) => set({ allowed_origins })} />
          <AnswersCard form={form} about={about} set={set} />
          {inbox && <RulesCard rules={rules} signs={inbox} onChange={(patch) => setRules((now) => ({ ...now, ...patch }))} />}
          {inbox && <MembersCard inbox={inbox} />}
        </div>
        <Preview form={form} />
      </form>
    </Page>
  );
}
