export { HealthScreen } from "./HealthScreen";
export { JobsScreen } from "./JobsScreen";
export { MailsScreen } from "./MailsScreen";
export { OutgoingScreen } from "./OutgoingScreen";
