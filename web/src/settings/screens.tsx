export { ApiKeysScreen } from "./ApiKeysScreen";
export { InboxesScreen } from "./InboxesScreen";
export { InboxScreen } from "./InboxScreen";
export { ProfileScreen } from "./ProfileScreen";
export { SecurityScreen } from "./SecurityScreen";
export { SettingsFrame } from "./SettingsFrame";
export { TeammatesScreen } from "./TeammatesScreen";
export { TeamsScreen } from "./TeamsScreen";
