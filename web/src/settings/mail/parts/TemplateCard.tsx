import "../mail.css";
import { Button, Card, Segments, showToast } from "@rapport/ui";
import { useState } from "react";
import { useMe } from "../../../account/people";
import type { Inbox } from "../../../client/nouns";
import { messageOf } from "../../../client/problem";
import { forFrame } from "../../../conversation/composer/pictures";
import { LetterFrame } from "../../../conversation/parts/LetterFrame";
import { t } from "../../../i18n";
import { RichField, usePictureUrls, type Pictures } from "../../parts/RichField";
import { inboxes as verbs, useInboxChange } from "../../queries";
import { letter, type Rich } from "../template";

/** What stands around and below every answer of this inbox, and how that looks. */
export function TemplateCard({ inbox }: { inbox: Inbox }) {
  const [template, setTemplate] = useState<Rich>({ text: inbox.template, html: inbox.template_html });
  const [signature, setSignature] = useState<Rich>({ text: inbox.signature, html: inbox.signature_html });
  const [kept, setKept] = useState({ template, signature });
  const pictures = usePictureUrls(inbox.pictures);
  const save = useInboxChange(verbs.change, true);
  const changed = template !== kept.template || signature !== kept.signature;
  function keep() {
    const fields = { template: template.text, template_html: template.html, signature: signature.text, signature_html: signature.html };
    save.mutate({ id: inbox.id, ...fields }, {
      onSuccess: () => {
        setKept({ template, signature });
        showToast({ text: t("action.saved"), seconds: 3 });
      },
    });
  }
  return (
    <Card title={t("template.title")}>
      <div className="card-body">
        <RichField label={t("template.around")} hint={t("template.around.hint", { mark: "{{message}}" })} value={template} pictures={pictures} onChange={setTemplate} />
        <RichField
          label={t("inboxes.signature")} hint={t("template.variables", { list: names.map((name) => `{{${name}}}`).join(", "), example: "{{customer.first_name|there}}" })}
          value={signature} pictures={pictures} onChange={setSignature}
        />
        <Preview inbox={inbox} template={template} signature={signature} urlOf={pictures.urlOf} />
        {save.error && <p className="bad" role="alert">{messageOf(save.error)}</p>}
        <div className="actions"><Button type="button" look="primary" busy={save.isPending} disabled={!changed} onClick={keep}>{t("template.save")}</Button></div>
      </div>
    </Card>
  );
}

const names = ["agent.name", "agent.first_name", "customer.name", "customer.first_name", "inbox.name", "conversation.number"];

/** An answer as a customer gets it: one whose name is known, and one whose is not. */
function Preview({ inbox, template, signature, urlOf }: { inbox: Inbox; template: Rich; signature: Rich; urlOf: Pictures["urlOf"] }) {
  const { agent } = useMe();
  const [named, setNamed] = useState(true);
  const customer = named ? { "customer.name": "Ewa Marsh", "customer.first_name": "Ewa" } : {};
  const values = { "agent.name": agent.name, "agent.first_name": agent.name.split(" ")[0], "inbox.name": inbox.name, "conversation.number": "1042", ...customer };
  const { html, open } = letter(template, signature, { text: t("template.words"), html: "" }, values);
  return (
    <div className="mail-preview" role="group" aria-label={t("template.preview")}>
      <header>
        <span className="quiet small">{t("template.preview")}</span>
        <Segments<"yes" | "no"> label={t("template.customer")} value={named ? "yes" : "no"} onChange={(next) => setNamed(next === "yes")} options={[{ value: "yes", label: "Ewa Marsh" }, { value: "no", label: t("template.noName") }]} />
      </header>
      <LetterFrame title={t("template.preview")} html={forFrame(html, urlOf)} />
      {open.length > 0 && <p className="bad" role="alert">{t("template.open", { name: `{{${open[0]}}}`, example: `{{${open[0]}|…}}` })}</p>}
    </div>
  );
}
