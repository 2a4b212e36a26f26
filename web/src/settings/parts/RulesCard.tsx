import { Card, Select, TextArea, TextField } from "@rapport/ui";
import type { Inbox } from "../../client/nouns";
import { t } from "../../i18n";

export type Rules = { reply_status: Inbox["reply_status"]; reopen_days: number; signature: string };

export function rulesOf(inbox: Inbox | undefined): Rules {
  return { reply_status: inbox?.reply_status ?? "pending", reopen_days: inbox?.reopen_days ?? 14, signature: inbox?.signature ?? "" };
}

/** What happens to conversations of this inbox. A mailbox signs beside its template, a chat not at all. */
export function RulesCard({ rules, signs = true, onChange }: { rules: Rules; signs?: boolean; onChange: (patch: Partial<Rules>) => void }) {
  return (
    <Card title={t("inboxes.rules")}>
      <div className="card-body">
        <Select label={t("inboxes.replyStatus")} value={rules.reply_status} onChange={(event) => onChange({ reply_status: event.target.value as Inbox["reply_status"] })}>
          {(["pending", "open", "closed"] as const).map((status) => <option key={status} value={status}>{t(`status.${status}`)}</option>)}
        </Select>
        <TextField label={t("inboxes.reopenDays")} hint={t("inboxes.reopenDays.hint")} type="number" min={0} max={365} value={rules.reopen_days} onChange={(event) => onChange({ reopen_days: Number(event.target.value) })} />
        {signs && <TextArea label={t("inboxes.signature")} rows={3} value={rules.signature} onChange={(event) => onChange({ signature: event.target.value })} />}
      </div>
    </Card>
  );
}
