import { Button, Dialog, TextField } from "@rapport/ui";
import { useState } from "react";
import { messageOf, Problem } from "../../client/problem";
import type { Contact } from "../../client/nouns";
import { t } from "../../i18n";
import { useContactChange } from "../queries";

/** The editable facts of a customer. */
export default function ContactDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const [fields, setFields] = useState({ name: contact.name, city: contact.city, language: contact.language, time_zone: contact.time_zone });
  const change = useContactChange(contact.id);
  const text = (name: keyof typeof fields) => ({
    value: fields[name],
    onChange: (event: { target: { value: string } }) => setFields({ ...fields, [name]: event.target.value }),
    wrong: change.error instanceof Problem ? change.error.about(name) : null,
  });
  return (
    <Dialog
      title={t("contact.edit")} closeLabel={t("action.close")} onClose={onClose}
      foot={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button look="primary" busy={change.isPending} onClick={() => change.mutate(fields, { onSuccess: onClose })}>{t("action.save")}</Button></>}
    >
      {change.error && <p className="bad" role="alert">{messageOf(change.error)}</p>}
      <TextField label={t("field.name")} {...text("name")} />
      <TextField label={t("contact.city")} {...text("city")} />
      <TextField label={t("contact.language")} hint={t("contact.language.hint")} {...text("language")} />
      <TextField label={t("field.timeZone")} hint="Europe/Warsaw" {...text("time_zone")} />
    </Dialog>
  );
}
