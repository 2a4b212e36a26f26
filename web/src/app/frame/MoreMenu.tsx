import { useNavigate } from "@tanstack/react-router";
import { Menu, MenuItem } from "@rapport/ui";
import { useMe } from "../../account/people";
import { t } from "../../i18n";
import { useSignOut } from "../signOut";
import { otherTheme, theme } from "../theme";
import { More } from "./More";

export default function MoreMenu() {
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { demo, permissions } = useMe();
  return (
    <Menu side="top" trigger={<More />}>
      <MenuItem icon="gear" onSelect={() => void navigate({ to: "/settings" })}>{t("frame.settings")}</MenuItem>
      {permissions.includes("health.read") && <MenuItem icon="pulse" onSelect={() => void navigate({ to: "/health" })}>{t("frame.health")}</MenuItem>}
      <MenuItem icon="clock" onSelect={() => void navigate({ to: "/outbox" })}>{t("outbox.title")}</MenuItem>
      {demo && <MenuItem icon="send" onSelect={() => void navigate({ to: "/outgoing" })}>{t("frame.outgoing")}</MenuItem>}
      <MenuItem icon="theme" onSelect={() => theme.set(otherTheme())}>{t("frame.theme")}</MenuItem>
      <MenuItem icon="lock" onSelect={signOut}>{t("account.signOut")}</MenuItem>
    </Menu>
  );
}
