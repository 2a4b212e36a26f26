import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TextField } from "@rapport/ui";
import { useId, useState, type ReactNode } from "react";
import { useMe } from "../../account/people";
import { api } from "../../client/fetch";
import type { Contact, Page } from "../../client/nouns";
import { mainAddress, useContactConversations } from "../../contact/queries";
import { valuesOf } from "../../conversation/composer/variables";
import { t } from "../../i18n";
import { useInboxes } from "../../settings/queries";
import type { Values } from "../../settings/mail/template";

const named = (contact: Contact) => [contact.name, mainAddress(contact)?.address].filter(Boolean).join(" · ");

/** How something reads to a real customer, chosen by typing. */
export function PreviewFor({ children }: { children: (values: Values) => ReactNode }) {
  const id = useId();
  const { agent } = useMe();
  const inboxes = useInboxes();
  const [typed, setTyped] = useState<string | null>(null);
  const q = typed ?? "";
  const { data: found = [] } = useQuery({
    queryKey: ["contact", "like", q], placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await api.get<Page<Contact>>("/contacts", { q: q.split(" · ")[0], limit: 20 }, signal)).items,
  });
  const [chosen, setChosen] = useState<Contact | null>(null);
  const customer = chosen ?? found[0];
  const last = useContactConversations(customer?.id ?? 0, customer !== undefined).data?.items[0];
  const inbox = inboxes.find((each) => each.id === last?.inbox_id) ?? inboxes[0];
  function type(words: string) {
    setTyped(words);
    const hit = found.find((contact) => named(contact) === words);
    if (hit) setChosen(hit);
  }
  return (
    <section className="preview-for" aria-label={t("automation.preview")}>
      <TextField
        label={t("automation.previewFor")} list={id} autoComplete="off" icon="person" placeholder={t("automation.previewFor.type")}
        value={typed ?? (customer ? named(customer) : "")} onFocus={(event) => event.target.select()} onChange={(event) => type(event.target.value)}
      />
      <datalist id={id}>{found.map((contact) => <option key={contact.id} value={named(contact)} />)}</datalist>
      <div className="preview-words">{children(valuesOf({ agent, customer: customer?.name ?? "", inbox, number: last?.number ?? 1 }))}</div>
    </section>
  );
}
