import { Banner, Button, CodeLine, Dialog, Empty, Select, TextField } from "@rapport/ui";
import { useState } from "react";
import { useAgents } from "../account/people";
import { account, accountKeys, useAccountChange, useApiKeys } from "../account/queries";
import { Ago } from "../app/Ago";
import { Page } from "../app/Page";
import { messageOf } from "../client/problem";
import type { ApiKey } from "../client/nouns";
import { t } from "../i18n";
import { shortDay } from "../i18n/dates";

/** Keys for programs. The secret is shown once. */
export function ApiKeysScreen() {
  const { data: keys = [], isPending } = useApiKeys();
  const [adding, setAdding] = useState(false);
  return (
    <Page title={t("settings.keys")} sub={t("keys.why")} actions={<Button look="primary" icon="plus" onClick={() => setAdding(true)}>{t("keys.new")}</Button>}>
      {keys.length === 0 && !isPending && <Empty icon="key" title={t("keys.none")} why={t("keys.none.why")} />}
      {keys.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead><tr><th>{t("field.name")}</th><th className="roomy">{t("keys.starts")}</th><th className="roomy">{t("keys.owner")}</th><th>{t("keys.used")}</th><th className="roomy">{t("keys.expires")}</th><th><span className="only-read">{t("action.more")}</span></th></tr></thead>
            <tbody>{keys.map((key) => <KeyRow key={key.id} apiKey={key} />)}</tbody>
          </table>
        </div>
      )}
      {adding && <NewKeyDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const owner = useAgents().find((agent) => agent.id === apiKey.agent_id);
  const remove = useAccountChange(account.removeApiKey, [accountKeys.apiKeys]);
  return (
    <tr>
      <td><b dir="auto">{apiKey.name}</b></td>
      <td className="mono roomy">{apiKey.prefix}…</td>
      <td className="roomy">{owner?.name}</td>
      <td className="quiet">{apiKey.last_used_at ? <Ago at={apiKey.last_used_at} /> : t("keys.never")}</td>
      <td className="quiet roomy">{apiKey.expires_at ? shortDay(apiKey.expires_at) : t("keys.forever")}</td>
      <td className="end"><Button size="compact" onClick={() => remove.mutate(apiKey.id)}>{t("keys.revoke")}</Button></td>
    </tr>
  );
}

const DAY = 86_400_000;

function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("0");
  const add = useAccountChange(account.addApiKey, [accountKeys.apiKeys], true);
  if (add.data) {
    return (
      <Dialog title={t("keys.new")} closeLabel={t("action.close")} onClose={onClose} foot={<Button look="primary" onClick={onClose}>{t("action.done")}</Button>}>
        <Banner tone="warning">{t("keys.once")}</Banner>
        <CodeLine text={add.data.token} copyLabel={t("action.copy")} copiedLabel={t("action.copied")} />
      </Dialog>
    );
  }
  const body = { name, ...(Number(days) > 0 && { expires_at: new Date(Date.now() + Number(days) * DAY).toISOString() }) };
  return (
    <Dialog enterSends title={t("keys.new")} closeLabel={t("action.close")} onClose={onClose} foot={<Button look="primary" busy={add.isPending} disabled={!name.trim()} onClick={() => add.mutate(body)}>{t("keys.make")}</Button>}>
      {add.error && <p className="bad" role="alert">{messageOf(add.error)}</p>}
      <TextField label={t("field.name")} hint={t("keys.name.hint")} value={name} autoFocus onChange={(event) => setName(event.target.value)} />
      <Select label={t("keys.expires")} value={days} onChange={(event) => setDays(event.target.value)}>
        {["30", "90", "365"].map((n) => <option key={n} value={n}>{t("keys.days", { n: Number(n) })}</option>)}
        <option value="0">{t("keys.forever")}</option>
      </Select>
    </Dialog>
  );
}
