import { Link, useParams } from "@tanstack/react-router";
import { Avatar, Card, Empty, Icon } from "@rapport/ui";
import { Ago } from "../app/Ago";
import { channelIcon } from "../app/channelIcon";
import { lazy, Suspense } from "react";
import { Page, Places } from "../app/Page";
import { messageOf } from "../client/problem";
import { t, withWords } from "../i18n";
import { clockIn } from "../i18n/dates";
import { languageOf } from "../i18n/language";
import { EditableNote } from "./parts/EditableNote";
import { ProfileBlock } from "./parts/ProfileBlock";
import { Suppressed } from "./parts/Suppressed";
import { mainAddress, useContact, useContactConversations } from "./queries";

const BlockBlock = lazy(() => withWords("desk", import("../many/BlockBlock")));

/** One customer with everything said so far. */
export function ContactScreen() {
  const id = Number(useParams({ from: "/gate/contacts/$id" }).id);
  const { data: contact, error } = useContact(id);
  const places = <Places title={t("frame.customers")} groups={[{ places: [{ to: "/contacts", icon: "people", label: t("contacts.everybody") }] }]} />;
  const back = <Link className="back" to="/contacts"><Icon name="left" />{t("frame.customers")}</Link>;
  if (!contact) return <>{places}<Page title="" back={back}>{error && <Empty icon="alertCircle" title={t("error.notFound")} why={messageOf(error)} />}</Page></>;
  const name = contact.name || mainAddress(contact)?.address || "?";
  const sub = [mainAddress(contact)?.address, contact.city, clockIn(contact.time_zone)].filter(Boolean).join(" · ");
  return (
    <>
      {places}
      <Page title={<span className="person-cell"><Avatar name={name} seed={contact.id} photo={contact.photo_url} size={40} /><span lang={languageOf(name)}>{name}</span></span>} sub={sub} back={back}>
        <div className="two">
          <Conversations id={id} />
          <aside className="contact-aside">
            <Suppressed addresses={contact.addresses.map((each) => each.address)} />
            <ProfileBlock contact={contact} />
            <EditableNote contact={contact} />
            <Suspense><BlockBlock contact={contact} /></Suspense>
          </aside>
        </div>
      </Page>
    </>
  );
}

function Conversations({ id }: { id: number }) {
  const { data } = useContactConversations(id);
  const items = data?.items ?? [];
  return (
    <Card title={t("contacts.conversations")}>
      <ul className="rows">
        {items.map((each) => (
          <li key={each.id}>
            <Icon name={channelIcon(each.channel)} />
            <Link className="grow cut" to="/c/$id" params={{ id: String(each.id) }} dir="auto" lang={languageOf(each.subject)}>{each.subject || t("conversation.noSubject")}</Link>
            <span className="quiet">{t(`status.${each.status}`)}</span>
            <span className="quiet"><Ago at={each.last_activity_at} /></span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
