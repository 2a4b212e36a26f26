import { Link, useLocation } from "@tanstack/react-router";
import { Icon, type IconName } from "@rapport/ui";
import { lazy, Suspense } from "react";
import { t } from "../../i18n";
import { useUnseen } from "../../notification/unseen";
import { More } from "./More";
import { overlay } from "./overlay";
import { shownCount } from "./Rail";

const MoreMenu = lazy(() => import("./MoreMenu"));

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
      <Suspense fallback={<More />}><MoreMenu /></Suspense>
    </nav>
  );
}
