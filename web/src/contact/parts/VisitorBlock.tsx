import { Icon } from "@rapport/ui";
import type { Contact, Visitor } from "../../client/nouns";
import { t } from "../../i18n";
import { clockIn } from "../../i18n/dates";
import { languageName } from "../languageName";

/** What a chat tells of its visitor beyond what the customer's profile says. An address that was only typed is called that. */
export function VisitorBlock({ visitor, contact }: { visitor: Visitor; contact: Contact }) {
  const { email, email_verified, known, page, language, time_zone } = visitor;
  const here = time_zone !== contact.time_zone && clockIn(time_zone);
  const isListed = contact.addresses.some((each) => each.address === email);
  return (
    <section className="block">
      <h3>{t("visitor.head")}</h3>
      <dl className="pairs">
        <div>
          <dt>{t("visitor.who")}</dt>
          <dd>{known ? <span className="proven"><Icon name="checkCircle" size={12} />{t("visitor.known")}</span> : t("visitor.unknown")}</dd>
        </div>
        {email && !isListed && <div><dt>{t(email_verified ? "field.email" : "visitor.claims")}</dt><dd className="typed" dir="ltr" title={t(email_verified ? "contact.verified" : "visitor.claims.why")}>{email}</dd></div>}
        {page && <div><dt>{t(visitor.online ? "visitor.page" : "visitor.lastPage")}</dt><dd className="cut"><PageLink page={page} /></dd></div>}
        {language && language !== contact.language && <div><dt>{t("contact.language")}</dt><dd className="cut">{languageName(language)}</dd></div>}
        {here && <div><dt>{t("visitor.clock")}</dt><dd className="cut" title={time_zone}>{here}</dd></div>}
      </dl>
      {email && !email_verified && <p className="claimed"><Icon name="alert" size={12} />{t("visitor.claims.why")}</p>}
    </section>
  );
}

/** The page without its site, which is always the same; only http and https become links. */
function PageLink({ page }: { page: string }) {
  const url = URL.parse(page);
  if (!url || !/^https?:$/.test(url.protocol)) return <span title={page}>{page}</span>;
  const path = decodeURI(url.pathname) === "/" ? url.host : decodeURI(url.pathname);
  return <a className="link" href={url.href} target="_blank" rel="noopener noreferrer nofollow" title={page} dir="ltr">{path}</a>;
}
