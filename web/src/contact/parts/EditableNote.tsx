import { IconButton } from "@rapport/ui";
import { useState } from "react";
import { useCan } from "../../account/people";
import type { Contact } from "../../client/nouns";
import { t } from "../../i18n";
import { languageOf } from "../../i18n/language";
import { useContactChange } from "../queries";

/** What is good to know about a customer, edited where it stands and saved on leaving. */
export function EditableNote({ contact }: { contact: Contact }) {
  const [editing, setEditing] = useState(false);
  const mayEdit = useCan("contact.edit");
  const change = useContactChange(contact.id);
  function save(note: string) {
    setEditing(false);
    if (note !== contact.note) change.mutate({ note });
  }
  return (
    <section className="block">
      <h3>
        {t("contact.note")}
        {mayEdit && <IconButton small icon="edit" label={t("contact.editNote")} onClick={() => setEditing(true)} />}
      </h3>
      {editing ? (
        <textarea
          className="input" rows={4} defaultValue={contact.note} autoFocus dir="auto" aria-label={t("contact.note")} onBlur={(event) => save(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") setEditing(false);
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save(event.currentTarget.value);
          }}
        />
      ) : (
        <p className={contact.note ? "written" : "written quiet"} dir="auto" lang={languageOf(contact.note)}>{contact.note || t("contact.noNote")}</p>
      )}
    </section>
  );
}
