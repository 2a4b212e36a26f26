import { Icon } from "@rapport/ui";
import { useState } from "react";
import { useMe } from "../../account/people";
import type { ConversationDetail, Inbox } from "../../client/nouns";
import { t } from "../../i18n";
import { letter, type Rich } from "../../settings/mail/template";
import type { DraftContent } from "../localDrafts";
import { LetterFrame } from "../parts/LetterFrame";
import { forFrame } from "./pictures";
import { valuesOf } from "./variables";

type AsItLeavesProps = { conversation: ConversationDetail; inbox: Inbox; content: DraftContent };

/** The answer with what the inbox puts around it and what signs it, for whoever wants to see that before it leaves. */
export default function AsItLeaves({ conversation, inbox, content }: AsItLeavesProps) {
  const { agent } = useMe();
  const [open, setOpen] = useState(false);
  const own: Rich = { text: agent.signature, html: agent.signature_html };
  const signature = own.text || own.html ? own : { text: inbox.signature, html: inbox.signature_html };
  const template = { text: inbox.template, html: inbox.template_html };
  if (![template, signature].some(({ text, html }) => text || html)) return null;
  return (
    <details className="as-it-leaves" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><Icon name="eye" size={12} />{t("composer.asItLeaves")}</summary>
      {open && <div>{letterNow()}</div>}
    </details>
  );

  function letterNow() {
    const values = valuesOf({ agent, customer: conversation.contact.name, inbox, number: conversation.number });
    const urls = new Map([...agent.pictures, ...inbox.pictures, ...content.files].map(({ id, url }) => [id, url]));
    const { html } = letter(template, signature, content.html || content.text ? content : { text: "…", html: "" }, values);
    return <LetterFrame title={t("composer.asItLeaves")} html={forFrame(html, (id) => urls.get(id))} />;
  }
}
