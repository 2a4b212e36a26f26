export { ContactScreen } from "./ContactScreen";
export { ContactsScreen } from "./ContactsScreen";
