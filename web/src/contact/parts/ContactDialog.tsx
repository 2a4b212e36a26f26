import { Button, Dialog, TextField } from "@rapport/ui";
import { useState } from "react";
import { messageOf, Problem } from "../../client/problem";
import type { Contact } from "../../client/nouns";
import { t } from "../../i18n";
import { useContactSave } from "../queries";
import { AddressFields } from "./AddressFields";
import { CompanyField } from "./CompanyField";

const shown = ["name", "addresses", "company_id", "city", "language", "time_zone"];

/** The editable facts of a customer: name, addresses, company, where they are. */
export default function ContactDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const [fields, setFields] = useState({ name: contact.name, city: contact.city, language: contact.language, time_zone: contact.time_zone, company: contact.company?.name ?? "" });
  const [addresses, setAddresses] = useState(contact.addresses);
  const save = useContactSave(contact.id);
  const about = (field: string) => (save.error instanceof Problem ? save.error.about(field) : null);
  const set = (name: keyof typeof fields) => (value: string) => setFields((now) => ({ ...now, [name]: value }));
  const text = (name: keyof typeof fields) => ({ value: fields[name], wrong: about(name), onChange: (event: { target: { value: string } }) => set(name)(event.target.value) });
  const submit = () => save.mutate({ ...fields, addresses: addresses.filter((each) => each.address.trim() !== "") }, { onSuccess: onClose });
  return (
    <Dialog
      enterSends title={t("contact.edit")} closeLabel={t("action.close")} onClose={onClose}
      foot={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button look="primary" busy={save.isPending} onClick={submit}>{t("action.save")}</Button></>}
    >
      {save.error && !shown.some(about) && <p className="banner danger" role="alert">{messageOf(save.error)}</p>}
      <TextField label={t("field.name")} {...text("name")} />
      <AddressFields kind="email" addresses={addresses} onChange={setAddresses} />
      <AddressFields kind="phone" addresses={addresses} onChange={setAddresses} />
      {about("addresses") && <p className="bad" role="alert">{about("addresses")}</p>}
      <CompanyField value={fields.company} wrong={about("company_id")} onChange={set("company")} />
      <TextField label={t("contact.city")} {...text("city")} />
      <TextField label={t("contact.language")} hint={t("contact.language.hint")} {...text("language")} />
      <TextField label={t("field.timeZone")} placeholder="Europe/Warsaw" {...text("time_zone")} />
    </Dialog>
  );
}
