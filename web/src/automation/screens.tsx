export { MacrosScreen } from "./MacrosScreen";
export { SnippetsScreen } from "./SnippetsScreen";
