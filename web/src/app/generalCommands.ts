import { runNewestToast } from "@rapport/ui";
import { useNavigate } from "@tanstack/react-router";
import { useMe } from "../account/people";
import { t } from "../i18n";
import { useCommands, type Command } from "./commands";
import { overlay } from "./frame/overlay";
import { otherTheme, theme } from "./theme";

/** What can be done anywhere: go to places, search, undo, help. */
export function useGeneralCommands() {
  const navigate = useNavigate();
  const { permissions } = useMe();
  const view = (id: string, label: string, keys: string, key: string | undefined): Command => ({
    id: `go.${id}`, label, keys, group: "go", icon: "inbox", run: () => void navigate({ to: "/", search: { view: key } }),
  });
  useCommands([
    { id: "palette", label: t("command.palette"), keys: "⌘K", group: "general", keyOnly: true, run: () => overlay.set("palette") },
    { id: "search", label: t("action.search"), keys: "/", group: "general", icon: "search", keyOnly: true, run: () => overlay.set("palette") },
    { id: "keys", label: t("frame.keys"), keys: "?|⌘/", group: "general", icon: "keyboard", run: () => overlay.set("keys") },
    { id: "undo", label: t("action.undo"), keys: "Z|⌘Z", group: "general", icon: "undo", keyOnly: true, run: () => void runNewestToast() },
    { id: "theme", label: t("frame.theme"), group: "general", icon: "theme", run: () => theme.set(otherTheme()) },
    view("inbox", t("frame.inbox"), "G I", undefined),
    view("mine", t("view.mine"), "G M", undefined),
    view("unassigned", t("view.unassigned"), "G U", "unassigned"),
    view("snoozed", t("view.snoozed"), "G S", "snoozed"),
    view("open", t("view.all_open"), "G O", "all_open"),
    { id: "go.notifications", label: t("frame.notifications"), keys: "G @", group: "go", icon: "bell", run: () => void navigate({ to: "/notifications" }) },
    { id: "go.contacts", label: t("frame.customers"), keys: "G C", group: "go", icon: "people", run: () => void navigate({ to: "/contacts" }) },
    { id: "go.settings", label: t("frame.settings"), keys: "G ,", group: "go", icon: "gear", run: () => void navigate({ to: "/settings" }) },
    { id: "go.snippets", label: t("frame.snippets"), group: "go", icon: "form", run: () => void navigate({ to: "/settings/snippets" }) },
    { id: "go.macros", label: t("frame.macros"), group: "go", icon: "repeat", run: () => void navigate({ to: "/settings/macros" }) },
    ...(permissions.includes("health.read")
      ? [{ id: "go.health", label: t("frame.health"), group: "go" as const, icon: "pulse" as const, run: () => void navigate({ to: "/health" }) }]
      : []),
  ]);
}
