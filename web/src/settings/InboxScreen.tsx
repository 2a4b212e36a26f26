import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Empty, Icon } from "@rapport/ui";
import { Suspense } from "react";
import { channelIcon } from "../app/channelIcon";
import { Failed } from "../app/Failed";
import { Page } from "../app/Page";
import type { Inbox } from "../client/nouns";
import { t } from "../i18n";
import { channelScreens } from "./channels";
import { BackToInboxes } from "./parts/InboxHead";
import { useInboxesQuery } from "./queries";

/** One inbox of whatever kind, or the choice of a kind to add. */
export function InboxScreen() {
  const { id } = useParams({ from: "/gate/settings/inboxes/$id" });
  const { channel } = useSearch({ from: "/gate/settings/inboxes/$id" });
  const { data: inboxes, error, refetch } = useInboxesQuery();
  const inbox = inboxes?.find((each) => String(each.id) === id);
  const kind = id === "new" ? kindOf(channel) : inbox?.channel;
  if (id === "new" && !kind) return <ChannelChoice />;
  if (!inboxes) return <Page title="" back={<BackToInboxes isNew={false} />}>{error && <Failed error={error} onRetry={refetch} />}</Page>;
  if (!kind) return <Page title={t("settings.inboxes")}><Empty icon="mail" title={t("error.notFound")} /></Page>;
  const Screen = channelScreens[kind];
  return <Suspense fallback={<Page title={inbox?.name ?? ""} back={<BackToInboxes isNew={!inbox} />}>{null}</Page>}><Screen key={id} inbox={inbox} /></Suspense>;
}

const kinds = Object.keys(channelScreens) as Inbox["channel"][];
const kindOf = (channel: string | undefined) => kinds.find((kind) => kind === channel);

/** How customers will reach you here. */
function ChannelChoice() {
  return (
    <Page title={t("inboxes.new")} sub={t("inboxes.new.why")} back={<BackToInboxes isNew={false} />}>
      <ul className="channel-choice">
        {kinds.map((kind) => (
          <li key={kind}>
            <Link to="/settings/inboxes/$id" params={{ id: "new" }} search={{ channel: kind }}>
              <Icon name={channelIcon(kind)} size={20} />
              <span className="grow"><b>{t(`inboxes.channel.${kind}`)}</b><span className="quiet">{t(`inboxes.channel.${kind}.why`)}</span></span>
              <Icon name="right" />
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
