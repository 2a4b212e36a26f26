import { Link } from "@tanstack/react-router";
import type { Health } from "../../client/nouns";
import { currentLanguage, t } from "../../i18n";
import { number } from "../../i18n/message";

const columns = [["accepted", "mails.accepted"], ["applied", "mails.applied"], ["rejected", "mails.rejected"], ["quarantined", "mails.waiting"], ["in_flight", "mails.inFlight"]] as const;

/** What became of every accepted mail, inbox by inbox. */
export function MailCounts({ inboxes }: { inboxes: Health["inboxes"] }) {
  if (!inboxes?.length) return null;
  return (
    <section className="card">
      <header className="card-head"><h3>{t("mails.byInbox")}</h3><span className="quiet small roomy">{t("mails.byInbox.why")}</span></header>
      <div className="table-wrap">
        <table className="table">
          <thead><tr><th>{t("mails.inbox")}</th>{columns.map(([key, title]) => <th key={key} className="end">{t(title)}</th>)}</tr></thead>
          <tbody>
            {inboxes.map((inbox) => (
              <tr key={inbox.inbox_id}>
                <td>{inbox.inbox ? <Link to="/settings/inboxes/$id" params={{ id: String(inbox.inbox_id) }}>{inbox.inbox}</Link> : <span className="quiet">{t("mails.deleted")}</span>}</td>
                {columns.map(([key]) => <td key={key} className={inbox[key] === 0 && key !== "accepted" ? "end quiet" : "end"}>{number(inbox[key], currentLanguage())}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
