import { Link } from "@tanstack/react-router";
import { Card, Select } from "@rapport/ui";
import { t } from "../../../i18n";
import { useInboxes } from "../../queries";
import type { ChatForm, SetChat } from "../chatForm";
import { SwitchLine } from "./SwitchLine";

/** What visitors see and are asked for, and what becomes of answers they have not seen. */
export function VisitorsCard({ form, set }: { form: ChatForm; set: SetChat }) {
  const mail = useInboxes().filter((inbox) => inbox.channel === "email");
  return (
    <Card title={t("chat.visitors")}>
      <div className="card-body">
        {(["ask_email", "show_team", "files", "show_launcher"] as const).map((field) => (
          <SwitchLine key={field} label={t(`chat.${field}`)} why={field === "ask_email" && mail.length === 0 ? <NoMail /> : t(`chat.${field}.why`)} on={form[field]} onChange={(on) => set({ [field]: on })} />
        ))}
        <Select
          label={t("chat.mail")} hint={t(mail.length > 0 ? "chat.mail.why" : "chat.mail.none")} value={form.mail_inbox_id ?? ""} disabled={mail.length === 0}
          onChange={(event) => set({ mail_inbox_id: Number(event.target.value) || null })}
        >
          <option value="">{mail[0] ? t("chat.mail.first", { name: mail[0].name }) : t("chat.mail.nothing")}</option>
          {mail.map((inbox) => <option key={inbox.id} value={inbox.id}>{inbox.name}</option>)}
        </Select>
      </div>
    </Card>
  );
}

/** Why nobody is asked for an address, and what to do about it. The wish is kept. */
function NoMail() {
  return <>{t("chat.ask_email.none")} <Link className="link" to="/settings/inboxes/$id" params={{ id: "new" }} search={{ channel: "email" }}>{t("chat.mail.add")}</Link></>;
}
