import { Link } from "@tanstack/react-router";
import { Icon } from "@rapport/ui";
import { Ago } from "../../app/Ago";
import { channelIcon } from "../../app/channelIcon";
import { currentLanguage, t } from "../../i18n";
import { number } from "../../i18n/message";
import { languageOf } from "../../i18n/language";
import { useContactConversations } from "../queries";

const SHOWN = 5;

/** Earlier conversations with the same customer, newest first. */
export function PastConversations({ contactId, exceptId, total }: { contactId: number; exceptId: number; total: number }) {
  const { data } = useContactConversations(contactId);
  const past = (data?.items ?? []).filter((each) => each.id !== exceptId);
  if (past.length === 0) return null;
  return (
    <section className="block">
      <h3>
        {t("contact.past")}
        <span className="count">{number(Math.max(total - 1, past.length), currentLanguage())}</span>
        {past.length > SHOWN && <Link className="link" to="/contacts/$id" params={{ id: String(contactId) }}>{t("contact.all")}</Link>}
      </h3>
      {past.slice(0, SHOWN).map((each) => (
        <Link key={each.id} className="mini" to="/c/$id" params={{ id: String(each.id) }} search={(now) => now}>
          <Icon name={channelIcon(each.channel)} />
          <span className="cut" dir="auto" lang={languageOf(each.subject)}>{each.subject || t("conversation.noSubject")}</span>
          <Ago at={each.last_activity_at} />
        </Link>
      ))}
    </section>
  );
}
