import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Avatar, Button, Empty } from "@rapport/ui";
import { useEffect, useState } from "react";
import { Ago } from "../app/Ago";
import { Failed } from "../app/Failed";
import { Page, Places } from "../app/Page";
import type { Contact } from "../client/nouns";
import { currentLanguage, t } from "../i18n";
import { monthOf } from "../i18n/dates";
import { languageOf } from "../i18n/language";
import { number } from "../i18n/message";
import { mainAddress, useContacts } from "./queries";

/** Everybody who has written, found by name, address or company. */
export function ContactsScreen() {
  const { q = "" } = useSearch({ from: "/gate/contacts" });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(q);
  const list = useContacts(q);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  useEffect(() => {
    const timer = window.setTimeout(() => typed !== q && void navigate({ to: "/contacts", search: { q: typed || undefined }, replace: true }), 200);
    return () => window.clearTimeout(timer);
  }, [typed, q, navigate]);
  return (
    <>
      <Places title={t("frame.customers")} groups={[{ places: [{ to: "/contacts", icon: "people", label: t("contacts.everybody") }] }]} />
      <Page
        title={t("frame.customers")}
        actions={<input className="input search" type="search" placeholder={t("contacts.search")} aria-label={t("contacts.search")} value={typed} dir="auto" onChange={(event) => setTyped(event.target.value)} />}
      >
        {list.error && <Failed error={list.error} onRetry={list.refetch} />}
        {rows.length === 0 && !list.isPending && !list.error && <Empty icon="people" title={q ? t("list.noResults") : t("contacts.none")} why={q ? t("list.noResults.why") : t("contacts.none.why")} />}
        {rows.length > 0 && <ContactTable rows={rows} />}
        {list.hasNextPage && <Button look="bare" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t("contacts.more")}</Button>}
      </Page>
    </>
  );
}

function ContactTable({ rows }: { rows: Contact[] }) {
  return (
    <div className="table-wrap">
      <table className="table contacts">
        <thead>
          <tr>
            <th>{t("contact.one")}</th><th className="roomy">{t("contact.company")}</th><th className="roomy">{t("contact.withUs")}</th>
            <th className="end roomy">{t("contacts.conversations")}</th><th className="end">{t("contacts.lastSeen")}</th>
          </tr>
        </thead>
        <tbody>{rows.map((contact) => <ContactRow key={contact.id} contact={contact} />)}</tbody>
      </table>
    </div>
  );
}

function ContactRow({ contact }: { contact: Contact }) {
  const name = contact.name || mainAddress(contact)?.address || "?";
  return (
    <tr>
      <td>
        <Link className="person-cell" to="/contacts/$id" params={{ id: String(contact.id) }}>
          <Avatar name={name} seed={contact.id} photo={contact.photo_url} size={28} />
          <span className="cut"><b dir="auto" lang={languageOf(name)}>{name}</b><br /><span className="quiet">{mainAddress(contact)?.address}</span></span>
        </Link>
      </td>
      <td className="roomy" dir="auto">{contact.company?.name}</td>
      <td className="roomy quiet">{monthOf(contact.since ?? contact.created_at)}</td>
      <td className="end number roomy">{number(contact.conversation_count, currentLanguage())}</td>
      <td className="end quiet">{contact.last_seen_at && <Ago at={contact.last_seen_at} />}</td>
    </tr>
  );
}
