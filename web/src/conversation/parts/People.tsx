import { Avatar } from "@rapport/ui";
import type { ConversationDetail } from "../../client/nouns";
import { t } from "../../i18n";

/** Who else outside takes part, and how far they are known. */
export function People({ conversation }: { conversation: ConversationDetail }) {
  const others = conversation.participants.filter((each) => each.kind === "contact" && each.address !== "" && each.address !== conversation.contact.address);
  if (others.length === 0) return null;
  return (
    <section className="block people">
      <h3>{t("people.title")}</h3>
      <ul>
        {others.map((each) => (
          <li key={each.address}>
            <Avatar name={each.name || each.address} seed={each.id ?? each.address} size={18} />
            <span className="grow">
              <span className="cut" dir="auto" title={each.address}>{each.name || each.address}</span>
              {isUnproven(each) && <span className="new-here">{t("people.new")}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Nobody has shown yet that they belong here: copied in, or come with our reply address. */
export function isUnproven({ role, verified }: { role: string; verified: string }): boolean {
  return role === "unverified" || role === "cc" || role === "customer" && verified === "fail";
}
