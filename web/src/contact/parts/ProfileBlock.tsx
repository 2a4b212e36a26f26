import { IconButton } from "@rapport/ui";
import { lazy, Suspense, useState } from "react";
import { useCan } from "../../account/people";
import type { Contact } from "../../client/nouns";
import { t } from "../../i18n";
import { languageName } from "../languageName";
import { mainAddress } from "../queries";

const ContactDialog = lazy(() => import("./ContactDialog"));

/** Company, language and further addresses; the pencil edits all of it. */
export function ProfileBlock({ contact }: { contact: Contact }) {
  const [editing, setEditing] = useState(false);
  const mayEdit = useCan("contact.edit");
  const rows: [string, string][] = [];
  if (contact.company) rows.push([t("contact.company"), contact.company.name]);
  if (contact.language) rows.push([t("contact.language"), languageName(contact.language)]);
  const main = mainAddress(contact);
  for (const address of contact.addresses) if (address !== main) rows.push([t(`contact.address.${address.kind}`), address.address]);
  for (const external of contact.external_ids) rows.push([external.system, external.id]);
  return (
    <section className="block">
      <h3>
        {t("contact.profile")}
        {mayEdit && <IconButton small icon="edit" label={t("contact.edit")} onClick={() => setEditing(true)} />}
      </h3>
      {rows.length > 0 ? (
        <dl className="pairs">
          {rows.map(([name, value]) => (
            <div key={name + value}>
              <dt>{name}</dt>
              <dd className="cut" dir="auto" title={value}>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="quiet">{t("contact.nothingYet")}</p>
      )}
      {editing && <Suspense><ContactDialog contact={contact} onClose={() => setEditing(false)} /></Suspense>}
    </section>
  );
}
