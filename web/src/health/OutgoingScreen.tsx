import { Empty, Segments } from "@rapport/ui";
import { useState } from "react";
import { Ago } from "../app/Ago";
import { Page, Places } from "../app/Page";
import type { OutgoingMail } from "../client/nouns";
import { t } from "../i18n";
import { exact } from "../i18n/dates";
import { languageOf } from "../i18n/language";
import { useOutgoing } from "./queries";

/** In the demo nothing leaves the machine: here is what would have left. */
export function OutgoingScreen() {
  const { data: mails = [], isPending } = useOutgoing();
  const [chosen, setChosen] = useState<number | null>(null);
  const mail = mails.find((each) => each.id === chosen) ?? mails[0];
  return (
    <>
      <Places title={t("frame.outgoing")} groups={[{ places: [{ to: "/outgoing", icon: "send", label: t("outgoing.all"), count: mails.length }] }]} />
      <Page title={t("frame.outgoing")} sub={t("outgoing.why")}>
        {mails.length === 0 && !isPending && <Empty icon="send" title={t("outgoing.none")} why={t("outgoing.none.why")} />}
        {mail && (
          <div className="two outgoing">
            <OutgoingView key={mail.id} mail={mail} />
            <ul className="card rows compact">
              {mails.map((each) => (
                <li key={each.id}>
                  <button type="button" className="grow" aria-current={each.id === mail.id || undefined} onClick={() => setChosen(each.id)}>
                    <b className="cut" dir="auto" lang={languageOf(each.subject)}>{each.subject}</b>
                    <span className="quiet cut">{each.to.join(", ")}</span>
                  </button>
                  <span className="quiet"><Ago at={each.at} /></span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Page>
    </>
  );
}

function OutgoingView({ mail }: { mail: OutgoingMail }) {
  const [way, setWay] = useState<"html" | "text">(mail.html ? "html" : "text");
  return (
    <article className="card">
      <header className="card-head">
        <h3 dir="auto">{mail.subject}</h3>
        <span className="grow" />
        {mail.html && <Segments label={t("outgoing.way")} value={way} options={[{ value: "html", label: "HTML" }, { value: "text", label: t("outgoing.text") }]} onChange={setWay} />}
      </header>
      <div className="card-body">
        <dl className="pairs">
          <div><dt>{t("mails.from")}</dt><dd>{mail.from}</dd></div>
          <div><dt>{t("composer.to")}</dt><dd>{mail.to.join(", ")}</dd></div>
          <div><dt>{t("outgoing.at")}</dt><dd>{exact(mail.at)}</dd></div>
        </dl>
        {way === "html" && mail.html ? (
          <iframe className="outgoing-frame" title={mail.subject} sandbox="" srcDoc={mail.html} />
        ) : (
          <pre className="code-block plain-mail" dir="auto" lang={languageOf(mail.text)}>{mail.text}</pre>
        )}
        <a className="link" href={mail.raw_url} target="_blank" rel="noopener">{t("message.source")}</a>
      </div>
    </article>
  );
}
