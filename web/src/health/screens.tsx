export { HealthScreen } from "./HealthScreen";
export { JobsScreen } from "./JobsScreen";
export { MailsScreen } from "./MailsScreen";
export { OutboxScreen } from "./OutboxScreen";
export { OutgoingScreen } from "./OutgoingScreen";
