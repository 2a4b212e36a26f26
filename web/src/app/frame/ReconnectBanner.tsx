import { Link } from "@tanstack/react-router";
import { Icon } from "@rapport/ui";
import { t } from "../../i18n";
import { useInboxes } from "../../settings/queries";

/** Says to those who can mend it that a provider lets an inbox in no more, until it is connected again. */
export default function ReconnectBanner() {
  const inboxes = useInboxes();
  const lost = inboxes.filter(({ state }) => state === "reconnect");
  const mute = !inboxes.some(({ state, email }) => state !== "reconnect" && email?.smtp);
  return lost.map((inbox) => (
    <div className="offline lost" role="alert" key={inbox.id}>
      <Icon name="alertCircle" />
      <span>{t("frame.lost", { address: inbox.address })} {mute && t("frame.lostMute")} <Link to="/settings/inboxes/$id" params={{ id: String(inbox.id) }}>{t("frame.reconnect")}</Link></span>
    </div>
  ));
}
