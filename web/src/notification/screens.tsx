export { NotificationSettingsScreen } from "./SettingsScreen";
export { NotificationsScreen } from "./ListScreen";
