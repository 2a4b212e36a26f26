import { Card, Select, TextField } from "@rapport/ui";
import type { Inbox } from "../../client/nouns";
import { t } from "../../i18n";
import { RichField, usePictureUrls } from "./RichField";

export type Rules = { reply_status: Inbox["reply_status"]; reopen_days: number; signature: string; signature_html: string };

export function rulesOf(inbox: Inbox | undefined): Rules {
  return { reply_status: inbox?.reply_status ?? "pending", reopen_days: inbox?.reopen_days ?? 14, signature: inbox?.signature ?? "", signature_html: inbox?.signature_html ?? "" };
}

/** What happens to conversations of an inbox. A form signs here, a mailbox beside its template, a chat not at all. */
export function RulesCard({ rules, signs, onChange }: { rules: Rules; signs?: Inbox; onChange: (patch: Partial<Rules>) => void }) {
  return (
    <Card title={t("inboxes.rules")}>
      <div className="card-body">
        <Select label={t("inboxes.replyStatus")} value={rules.reply_status} onChange={(event) => onChange({ reply_status: event.target.value as Inbox["reply_status"] })}>
          {(["pending", "open", "closed"] as const).map((status) => <option key={status} value={status}>{t(`status.${status}`)}</option>)}
        </Select>
        <TextField label={t("inboxes.reopenDays")} hint={t("inboxes.reopenDays.hint")} type="number" min={0} max={365} value={rules.reopen_days} onChange={(event) => onChange({ reopen_days: Number(event.target.value) })} />
        {signs && <Signature inbox={signs} rules={rules} onChange={onChange} />}
      </div>
    </Card>
  );
}

function Signature({ inbox, rules, onChange }: { inbox: Inbox; rules: Rules; onChange: (patch: Partial<Rules>) => void }) {
  const pictures = usePictureUrls(inbox.pictures);
  const value = { text: rules.signature, html: rules.signature_html };
  return <RichField label={t("inboxes.signature")} value={value} pictures={pictures} onChange={({ text, html }) => onChange({ signature: text, signature_html: html })} />;
}
