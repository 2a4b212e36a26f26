import "../mail.css";
import { Button, Card, Segments, showToast, TextArea } from "@rapport/ui";
import { useState } from "react";
import { useMe } from "../../../account/people";
import type { Inbox } from "../../../client/nouns";
import { messageOf } from "../../../client/problem";
import { t } from "../../../i18n";
import { inboxes as verbs, useInboxChange } from "../../queries";
import { letter } from "../template";

/** What stands around and below every answer of this inbox, and how that looks. */
export function TemplateCard({ inbox }: { inbox: Inbox }) {
  const [template, setTemplate] = useState(inbox.template);
  const [signature, setSignature] = useState(inbox.signature);
  const save = useInboxChange(verbs.change, true);
  const changed = template !== inbox.template || signature !== inbox.signature;
  const keep = () => save.mutate({ id: inbox.id, template, signature }, { onSuccess: () => showToast({ text: t("action.saved"), seconds: 3 }) });
  return (
    <Card title={t("template.title")}>
      <div className="card-body">
        <TextArea label={t("template.around")} hint={t("template.around.hint", { mark: "{{message}}" })} rows={5} value={template} onChange={(event) => setTemplate(event.target.value)} />
        <TextArea label={t("inboxes.signature")} hint={t("template.variables", { list: names.map((name) => `{{${name}}}`).join(", "), example: "{{customer.first_name|there}}" })} rows={3} value={signature} onChange={(event) => setSignature(event.target.value)} />
        <Preview inbox={inbox} template={template} signature={signature} />
        {save.error && <p className="bad" role="alert">{messageOf(save.error)}</p>}
        <div className="actions"><Button type="button" look="primary" busy={save.isPending} disabled={!changed} onClick={keep}>{t("template.save")}</Button></div>
      </div>
    </Card>
  );
}

const names = ["agent.name", "agent.first_name", "customer.name", "customer.first_name", "inbox.name", "conversation.number"];

/** An answer as a customer gets it: one whose name is known, and one whose is not. */
function Preview({ inbox, template, signature }: { inbox: Inbox; template: string; signature: string }) {
  const { agent } = useMe();
  const [named, setNamed] = useState(true);
  const customer = named ? { "customer.name": "Ewa Marsh", "customer.first_name": "Ewa" } : {};
  const { text, open } = letter(template, signature, t("template.words"), { "agent.name": agent.name, "agent.first_name": agent.name.split(" ")[0], "inbox.name": inbox.name, "conversation.number": "1042", ...customer });
  return (
    <div className="mail-preview" role="group" aria-label={t("template.preview")}>
      <header>
        <span className="quiet small">{t("template.preview")}</span>
        <Segments<"yes" | "no"> label={t("template.customer")} value={named ? "yes" : "no"} onChange={(next) => setNamed(next === "yes")} options={[{ value: "yes", label: "Ewa Marsh" }, { value: "no", label: t("template.noName") }]} />
      </header>
      <p dir="auto" aria-live="polite">{text}</p>
      {open.length > 0 && <p className="bad" role="alert">{t("template.open", { name: `{{${open[0]}}}`, example: `{{${open[0]}|…}}` })}</p>}
    </div>
  );
}
