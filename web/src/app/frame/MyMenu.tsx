import { Link } from "@tanstack/react-router";
import { Icon, Menu, MenuHead, MenuItem } from "@rapport/ui";
import { useMe } from "../../account/people";
import { t } from "../../i18n";
import { useSignOut } from "../signOut";
import { Me } from "./Me";

export default function MyMenu() {
  const { agent } = useMe();
  const signOut = useSignOut();
  return (
    <Menu side="right" align="end" trigger={<Me />}>
      <MenuHead>{agent.name}</MenuHead>
      <Link to="/settings" className="menu-item"><Icon name="person" />{t("settings.profile")}</Link>
      <MenuItem icon="lock" onSelect={signOut}>{t("account.signOut")}</MenuItem>
    </Menu>
  );
}
