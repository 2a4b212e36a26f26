import { Link } from "@tanstack/react-router";
import { Chip, Empty, Icon } from "@rapport/ui";
import { Ago } from "../app/Ago";
import { channelIcon } from "../app/channelIcon";
import { Failed } from "../app/Failed";
import { Page } from "../app/Page";
import type { Inbox } from "../client/nouns";
import { useHealth } from "../health/queries";
import { t } from "../i18n";
import { useInboxesQuery } from "./queries";

/** The addresses customers write to, and whether each is in order. */
export function InboxesScreen() {
  const { data: inboxes, error, refetch } = useInboxesQuery();
  return (
    <Page title={t("settings.inboxes")} sub={t("inboxes.why")} actions={<Link className="button primary" to="/settings/inboxes/$id" params={{ id: "new" }}><Icon name="plus" />{t("inboxes.new")}</Link>}>
      {error && <Failed error={error} onRetry={refetch} />}
      {inboxes?.length === 0 && <Empty icon="mail" title={t("inboxes.none")} why={t("inboxes.none.why")} />}
      {inboxes && inboxes.length > 0 && <div className="card"><ul className="rows">{inboxes.map((inbox) => <InboxRow key={inbox.id} inbox={inbox} />)}</ul></div>}
    </Page>
  );
}

function InboxRow({ inbox }: { inbox: Inbox }) {
  const mails = useHealth().data?.inboxes?.find((counted) => counted.inbox_id === inbox.id);
  return (
    <li>
      <Icon name={channelIcon(inbox.channel)} size={20} />
      <Link className="grow" to="/settings/inboxes/$id" params={{ id: String(inbox.id) }}>
        <b dir="auto">{inbox.name}</b>
        <div className="quiet">{addressOf(inbox)}</div>
        {mails && <div className="quiet small">{t("mails.count", { accepted: mails.accepted, quarantined: mails.quarantined, in_flight: mails.in_flight })}</div>}
      </Link>
      {inbox.state !== "ok" ? <Chip tone="danger" icon="alertCircle">{inbox.state === "reconnect" ? t("signin.must") : inbox.state_message}</Chip> : <span className="quiet">{inbox.last_fetch_at ? <>{t("inboxes.lastFetch")} <Ago at={inbox.last_fetch_at} /></> : t("inboxes.ok")}</span>}
      <Link className="button compact" to="/settings/inboxes/$id" params={{ id: String(inbox.id) }}>{t("action.edit")}</Link>
    </li>
  );
}

/** Where customers find it: an address, or the sites it stands on. */
function addressOf(inbox: Inbox): string {
  if (inbox.channel === "chat") return inbox.chat?.allowed_origins.map((origin) => origin.replace("https://", "")).join(", ") || t("chat.noSite");
  if (inbox.channel === "form") return `${window.location.host}/forms/${inbox.address}`;
  return inbox.email?.address ?? inbox.address;
}
