import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { Icon, Menu, MenuItem, type IconName } from "@rapport/ui";
import { useMe } from "../../account/people";
import { t } from "../../i18n";
import { useUnseen } from "../../notification/unseen";
import { useSignOut } from "../signOut";
import { otherTheme, theme } from "../theme";
import { overlay } from "./overlay";
import { shownCount } from "./Rail";

/** The rail of a telephone. Hidden while a conversation is open: it has the whole screen. */
export function BottomBar() {
  const path = useLocation().pathname;
  const unseen = useUnseen();
  if (path.startsWith("/c/")) return null;
  const item = (to: string, icon: IconName, label: string, count = 0) => (
    <Link to={to} aria-current={(to === "/" ? path === "/" : path.startsWith(to)) ? "page" : undefined}>
      <Icon name={icon} size={20} />
      <span>{label}</span>
      {count > 0 && <b className="count-pip">{shownCount(count)}</b>}
    </Link>
  );
  return (
    <nav className="bottom-bar" aria-label={t("frame.main")}>
      {item("/", "inbox", t("frame.inbox"))}
      <button type="button" onClick={() => overlay.set("palette")}>
        <Icon name="search" size={20} />
        <span>{t("action.search")}</span>
      </button>
      {item("/notifications", "bell", t("frame.notifications"), unseen)}
      {item("/contacts", "people", t("frame.customers"))}
      <MoreMenu />
    </nav>
  );
}

function MoreMenu() {
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { demo, permissions } = useMe();
  const trigger = (
    <button type="button">
      <Icon name="menu" size={20} />
      <span>{t("action.more")}</span>
    </button>
  );
  return (
    <Menu side="top" trigger={trigger}>
      <MenuItem icon="gear" onSelect={() => void navigate({ to: "/settings" })}>{t("frame.settings")}</MenuItem>
      {permissions.includes("health.read") && <MenuItem icon="pulse" onSelect={() => void navigate({ to: "/health" })}>{t("frame.health")}</MenuItem>}
      <MenuItem icon="clock" onSelect={() => void navigate({ to: "/outbox" })}>{t("outbox.title")}</MenuItem>
      {demo && <MenuItem icon="send" onSelect={() => void navigate({ to: "/outgoing" })}>{t("frame.outgoing")}</MenuItem>}
      <MenuItem icon="theme" onSelect={() => theme.set(otherTheme())}>{t("frame.theme")}</MenuItem>
      <MenuItem icon="lock" onSelect={signOut}>{t("account.signOut")}</MenuItem>
    </Menu>
  );
}
