import { Link, useLocation } from "@tanstack/react-router";
import { Icon, type IconName } from "@rapport/ui";
import { t } from "../../i18n";
import { overlay } from "./overlay";

/** The rail of a telephone. Hidden while a conversation is open: it has the whole screen. */
export function BottomBar() {
  const path = useLocation().pathname;
  if (path.startsWith("/c/")) return null;
  const item = (to: string, icon: IconName, label: string) => (
    <Link to={to} aria-current={(to === "/" ? path === "/" : path.startsWith(to)) ? "page" : undefined}>
      <Icon name={icon} size={20} />
      <span>{label}</span>
    </Link>
  );
  return (
    <nav className="bottom-bar" aria-label={t("frame.main")}>
      {item("/", "inbox", t("frame.inbox"))}
      <button type="button" onClick={() => overlay.set("palette")}>
        <Icon name="search" size={20} />
        <span>{t("action.search")}</span>
      </button>
      {item("/contacts", "people", t("frame.customers"))}
      {item("/settings", "gear", t("frame.settings"))}
    </nav>
  );
}
