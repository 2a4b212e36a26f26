import { Card, Select, Switch, TextField } from "@rapport/ui";
import type { NewMailServer, Security } from "../../client/nouns";
import { t } from "../../i18n";
import { withSecurity } from "../mailServers";

type ServerProps = { kind: "smtp" | "imap"; title: string; on: boolean; server: NewMailServer; onOn: (on: boolean) => void; onChange: (patch: Partial<NewMailServer>) => void };

/** One mail server. The port follows the kind of protection. */
export function ServerFields({ kind, title, on, server, onOn, onChange }: ServerProps) {
  return (
    <Card title={title} end={<Switch label={kind.toUpperCase()} on={on} onChange={onOn} />}>
      {on && (
        <div className="card-body server-grid">
          <TextField label={t("server.host")} placeholder={`${kind}.example.com`} spellCheck={false} required value={server.host} onChange={(event) => onChange({ host: event.target.value })} />
          <TextField label={t("server.port")} type="number" min={1} max={65535} required value={server.port} onChange={(event) => onChange({ port: Number(event.target.value) })} />
          <Select label={t("server.security")} value={server.security} onChange={(event) => onChange(withSecurity(kind, server, event.target.value as Security))}>
            {(["tls", "starttls", "none"] as const).map((security) => <option key={security} value={security}>{t(`server.security.${security}`)}</option>)}
          </Select>
          {kind === "imap" && <TextField label={t("server.folder")} value={server.folder ?? ""} onChange={(event) => onChange({ folder: event.target.value })} />}
          {kind === "imap" && (
            <div className="whole-line">
              <Select label={t("server.history")} hint={t(`server.history.${server.history ?? "now"}.why`)} value={server.history ?? "now"} onChange={(event) => onChange({ history: event.target.value as "now" | "all" })}>
                {(["now", "all"] as const).map((history) => <option key={history} value={history}>{t(`server.history.${history}`)}</option>)}
              </Select>
            </div>
          )}
          <TextField label={t("server.username")} autoComplete="off" hint={t("server.username.hint")} value={server.username} onChange={(event) => onChange({ username: event.target.value })} />
          {!server.authorization_id && <TextField label={t("field.password")} type="password" autoComplete="new-password" placeholder={server.has_password ? "••••••••" : ""} hint={server.has_password ? t("server.password.kept") : undefined} value={server.password ?? ""} onChange={(event) => onChange({ password: event.target.value })} />}
        </div>
      )}
    </Card>
  );
}
