import { Card, Select, TextField } from "@rapport/ui";
import { DEFAULT_BRAND, fullHex, isColour } from "@rapport/ui/brand";
import { t } from "../../../i18n";
import { useInboxes } from "../../queries";
import type { FormDraft, SetForm } from "../formDraft";

/** Where answers leave from, and the colour of the company. */
export function AnswersCard({ form, about, set }: { form: FormDraft; about: (field: string) => string | null; set: SetForm }) {
  const mail = useInboxes().filter((inbox) => inbox.channel === "email");
  const bad = form.brand !== "" && !isColour(form.brand);
  const brand = isColour(form.brand) ? form.brand : DEFAULT_BRAND;
  return (
    <Card title={t("form.answers")}>
      <div className="card-body">
        <Select
          label={t("form.mail")} hint={t(mail.length > 0 ? "form.mail.why" : "form.mail.none")} wrong={about("mail_inbox_id")} value={form.mail_inbox_id ?? ""} disabled={mail.length === 0}
          onChange={(event) => set({ mail_inbox_id: Number(event.target.value) || null })}
        >
          <option value="">{mail[0] ? t("chat.mail.first", { name: mail[0].name }) : t("chat.mail.nothing")}</option>
          {mail.map((inbox) => <option key={inbox.id} value={inbox.id}>{inbox.name}</option>)}
        </Select>
        <div className="brand-line">
          <input className="colour-well" type="color" aria-label={t("chat.brand.pick")} value={fullHex(brand)} onChange={(event) => set({ brand: event.target.value })} />
          <TextField label={t("chat.brand")} placeholder={DEFAULT_BRAND} spellCheck={false} dir="ltr" maxLength={7} value={form.brand} wrong={bad ? t("chat.brand.bad") : about("form.brand")} onChange={(event) => set({ brand: event.target.value.trim() })} />
        </div>
      </div>
    </Card>
  );
}
