import { Link, useLocation } from "@tanstack/react-router";
import { Icon, IconButton, Tip, type IconName } from "@rapport/ui";
import { lazy, Suspense } from "react";
import { useMe } from "../../account/people";
import { useHealthState } from "../../health/queries";
import { t } from "../../i18n";
import { useUnseen } from "../../notification/unseen";
import { otherTheme, theme } from "../theme";
import { Logo } from "./Logo";
import { Me } from "./Me";
import { overlay } from "./overlay";

const MyMenu = lazy(() => import("./MyMenu"));

function Area({ to, icon, label, keys, pip, count = 0 }: { to: string; icon: IconName; label: string; keys?: string; pip?: boolean; count?: number }) {
  return (
    <Tip label={label} keys={keys}>
      <Link to={to} className="area" activeProps={{ "aria-current": "page" }} activeOptions={{ exact: false, includeSearch: false }} aria-label={label}>
        <Icon name={icon} size={20} />
        {pip && <i className="pip" aria-hidden="true" />}
        {count > 0 && <b className="count-pip" aria-hidden="true">{shownCount(count)}</b>}
      </Link>
    </Tip>
  );
}

/** A count that fits on an icon. */
export function shownCount(n: number): string {
  return n > 99 ? "99+" : String(n);
}

/** The areas of the product, top to bottom; at the bottom what belongs to the house and to oneself. */
export function Rail() {
  const me = useMe();
  const health = useHealthState();
  const unseen = useUnseen();
  return (
    <nav className="rail" aria-label={t("frame.main")}>
      <Link to="/" className="logo" aria-label={t("frame.home", { workspace: me.workspace.name })}><Logo /></Link>
      <InboxArea />
      <Area to="/notifications" icon="bell" label={unseen > 0 ? t("frame.notifications.unseen", { n: unseen }) : t("frame.notifications")} keys="G @" count={unseen} />
      <Area to="/contacts" icon="people" label={t("frame.customers")} keys="G C" />
      <span className="grow" />
      <Area to="/outbox" icon="clock" label={t("outbox.title")} />
      {me.demo && <Area to="/outgoing" icon="send" label={t("frame.outgoing")} />}
      {me.permissions.includes("health.read") && <Area to="/health" icon="pulse" label={t("frame.health")} pip={health !== "ok"} />}
      <Area to="/settings" icon="gear" label={t("frame.settings")} keys="G ," />
      <IconButton className="area" icon="theme" iconSize={20} label={t("frame.theme")} onClick={() => theme.set(otherTheme())} />
      <IconButton className="area" icon="help" iconSize={20} label={t("frame.keys")} keys="?" onClick={() => overlay.set("keys")} />
      <Suspense fallback={<Me />}><MyMenu /></Suspense>
    </nav>
  );
}

/** The inbox has two kinds of address: the list, and a conversation. */
function InboxArea() {
  const path = useLocation().pathname;
  const isInside = path === "/" || path.startsWith("/c/");
  return (
    <Tip label={t("frame.inbox")} keys="G I">
      <Link to="/" className="area" aria-label={t("frame.inbox")} aria-current={isInside ? "page" : undefined}>
        <Icon name="inbox" size={20} />
      </Link>
    </Tip>
  );
}
