import { useNavigate, useSearch } from "@tanstack/react-router";
import { Empty, IconButton, Segments } from "@rapport/ui";
import { useState } from "react";
import { Ago } from "../app/Ago";
import { overlay } from "../app/frame/overlay";
import { Places } from "../app/Page";
import type { OutgoingMail } from "../client/nouns";
import { t } from "../i18n";
import { exact } from "../i18n/dates";
import { languageOf } from "../i18n/language";
import { useOutgoing } from "./queries";

/** In the demo nothing leaves the machine: here is what would have left, the list beside the mail. */
export function OutgoingScreen() {
  const { data: mails = [], isPending } = useOutgoing();
  const { mail: chosen } = useSearch({ from: "/gate/outgoing" });
  const navigate = useNavigate();
  const open = (mail?: number) => void navigate({ to: "/outgoing", search: { mail } });
  const shown = mails.find((each) => each.id === chosen) ?? mails[0];
  return (
    <>
      <Places title={t("frame.outgoing")} groups={[{ places: [{ to: "/outgoing", icon: "send", label: t("outgoing.all") }] }]} />
      <main className="sheet inbox" id="sheet" data-open={chosen !== undefined}>
        <section className="pane-list" aria-label={t("frame.outgoing")}>
          <header className="list-bar">
            <IconButton className="from-narrow" icon="menu" iconSize={20} label={t("frame.views")} onClick={() => overlay.set("views")} />
            <h2 className="cut">{t("frame.outgoing")}</h2>
          </header>
          <p className="list-why">{t("outgoing.why")}</p>
          <ul className="list">
            {mails.map((each) => <li key={each.id}><OutgoingRow mail={each} current={each.id === shown?.id} onOpen={() => open(each.id)} /></li>)}
          </ul>
        </section>
        <section className="pane-conversation">
          {shown && <OutgoingView key={shown.id} mail={shown} onBack={() => open()} />}
          {!shown && !isPending && <Empty icon="send" title={t("outgoing.none")} why={t("outgoing.none.why")} />}
        </section>
      </main>
    </>
  );
}

function OutgoingRow({ mail, current, onOpen }: { mail: OutgoingMail; current: boolean; onOpen: () => void }) {
  return (
    <button type="button" className="outgoing-row" aria-current={current || undefined} onClick={onOpen}>
      <span className="line-1"><b className="cut grow">{mail.to.join(", ")}</b><Ago at={mail.at} /></span>
      <span className="cut quiet" dir="auto" lang={languageOf(mail.subject)}>{mail.subject}</span>
    </button>
  );
}

function OutgoingView({ mail, onBack }: { mail: OutgoingMail; onBack: () => void }) {
  const [way, setWay] = useState<"html" | "text">(mail.html ? "html" : "text");
  return (
    <>
      <header className="head">
        <div className="head-1">
          <IconButton className="only-single" icon="left" iconSize={20} label={t("command.back")} onClick={onBack} />
          <h2 className="cut" dir="auto" lang={languageOf(mail.subject)}>{mail.subject}</h2>
          {mail.html && <Segments label={t("outgoing.way")} value={way} options={[{ value: "html", label: "HTML" }, { value: "text", label: t("outgoing.text") }]} onChange={setWay} />}
        </div>
      </header>
      <article className="outgoing">
        <dl>
          <dt>{t("mails.from")}</dt><dd>{mail.from}</dd>
          <dt>{t("composer.to")}</dt><dd>{mail.to.join(", ")}</dd>
          <dt>{t("outgoing.at")}</dt><dd>{exact(mail.at)}</dd>
        </dl>
        {way === "html" && mail.html ? (
          <iframe className="outgoing-frame" title={mail.subject} sandbox="" srcDoc={mail.html} />
        ) : (
          <pre className="written plain-mail" dir="auto" lang={languageOf(mail.text)} tabIndex={0}>{mail.text}</pre>
        )}
        <a className="link" href={mail.raw_url} target="_blank" rel="noopener">{t("message.source")}</a>
      </article>
    </>
  );
}
