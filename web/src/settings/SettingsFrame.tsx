import { Outlet } from "@tanstack/react-router";
import { useAgents, useMe, useTeams } from "../account/people";
import { Places, type PlaceGroup } from "../app/Page";
import { t } from "../i18n";
import { useInboxes } from "./queries";

/** The settings one may see, with the page beside them. */
export function SettingsFrame() {
  const may = useMe().permissions;
  const people = useAgents().filter((agent) => agent.state === "active").length;
  const teams = useTeams().length;
  const inboxes = useInboxes().length;
  const house: PlaceGroup["places"] = [
    ...(may.includes("inbox.manage") ? [{ to: "/settings/inboxes", icon: "mail" as const, label: t("settings.inboxes"), count: inboxes, exact: false }] : []),
    { to: "/settings/teammates", icon: "people", label: t("settings.teammates"), count: people },
    { to: "/settings/snippets", icon: "form", label: t("frame.snippets") },
    { to: "/settings/macros", icon: "repeat", label: t("frame.macros") },
    { to: "/settings/teams", icon: "layers", label: t("settings.teams"), count: teams },
    ...(may.includes("key.manage") ? [{ to: "/settings/api-keys", icon: "key" as const, label: t("settings.keys") }] : []),
  ];
  return (
    <>
      <Places
        title={t("frame.settings")}
        groups={[
          { head: t("settings.workspace"), places: house },
          { head: t("settings.yours"), places: [{ to: "/settings", icon: "person", label: t("settings.profile") }, { to: "/settings/notifications", icon: "bell", label: t("frame.notifications") }, { to: "/settings/security", icon: "shield", label: t("settings.security") }] },
        ]}
      />
      <Outlet />
    </>
  );
}
