import { Link } from "@tanstack/react-router";
import { Avatar, Icon, IconButton } from "@rapport/ui";
import type { Contact, ConversationDetail } from "../client/nouns";
import { t } from "../i18n";
import { People } from "../conversation/parts/People";
import { clockIn, monthOf } from "../i18n/dates";
import { languageOf } from "../i18n/language";
import { EditableNote } from "./parts/EditableNote";
import { PastConversations } from "./parts/PastConversations";
import { ProfileBlock } from "./parts/ProfileBlock";
import { Suppressed } from "./parts/Suppressed";
import { VisitorBlock } from "./parts/VisitorBlock";
import { mainAddress, useContact } from "./queries";

type PanelProps = { contactId: number; conversation: ConversationDetail; open: boolean; onClose: () => void };

/** Who writes: name, addresses and clock; how long with us; earlier conversations; good to know. */
export function ContactPanel({ contactId, conversation, open, onClose }: PanelProps) {
  const { data: contact } = useContact(contactId);
  return (
    <aside className="pane-contact" aria-label={t("contact.one")} data-open={open} aria-busy={!contact}>
      {contact && (
        <>
          <PanelHead contact={contact} onClose={onClose} />
          <Facts contact={contact} />
          {conversation.chat && <VisitorBlock visitor={conversation.chat} contact={contact} />}
          <Suppressed addresses={contact.addresses.map((each) => each.address)} />
          <People conversation={conversation} />
          <ProfileBlock contact={contact} />
          <PastConversations contactId={contactId} exceptId={conversation.id} total={contact.conversation_count} />
          <EditableNote contact={contact} />
        </>
      )}
    </aside>
  );
}

function PanelHead({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const address = mainAddress(contact);
  const here = [contact.city, clockIn(contact.time_zone) && t("contact.localTime", { time: clockIn(contact.time_zone) })].filter(Boolean).join(", ");
  return (
    <header className="person-head">
      <Avatar name={contact.name || address?.address || t("contact.visitor")} seed={contact.id} photo={contact.photo_url} size={40} />
      <div className="grow">
        <h2 className="cut" dir="auto" lang={languageOf(contact.name)}>
          <Link to="/contacts/$id" params={{ id: String(contact.id) }}>{contact.name || address?.address || t("contact.visitor")}</Link>
        </h2>
        {address && (
          <div className="cut line">
            {address.address}
            {address.verified && <span className="good" title={t("contact.verified")}><Icon name="checkCircle" size={12} /></span>}
          </div>
        )}
        {here && <div className="cut line">{here}</div>}
      </div>
      <IconButton className="from-narrow" small icon="x" label={t("action.close")} keys="]" onClick={onClose} />
    </header>
  );
}

function Facts({ contact }: { contact: Contact }) {
  const since = contact.since ?? contact.created_at;
  const years = Math.floor((Date.now() - Date.parse(since)) / (365.25 * 86_400_000));
  return (
    <div className="facts">
      <div className="fact">
        <Icon name="heart" />
        <b>{years >= 1 ? t("contact.years", { n: years }) : t("contact.new")}</b>
        <span className="quiet">{t("contact.since", { month: monthOf(since) })}</span>
      </div>
      <div className="fact">
        <Icon name="repeat" />
        <b>{t("contact.conversations", { n: contact.conversation_count })}</b>
      </div>
    </div>
  );
}
