import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { InboxScreen } from "../conversation/InboxScreen";
import { withWords } from "../i18n";
import { ErrorScreen, NotFoundScreen } from "./ErrorScreen";
import { Gate } from "./Gate";

export type InboxSearch = { view?: string; sort?: "oldest" | "newest"; q?: string; do?: "new" };
type Next = { next?: string };

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

function inboxSearch(search: Record<string, unknown>): InboxSearch {
  return { view: text(search["view"]), sort: search["sort"] === "oldest" || search["sort"] === "newest" ? search["sort"] : undefined, q: text(search["q"]), do: search["do"] === "new" ? "new" : undefined };
}

const root = createRootRoute({ notFoundComponent: NotFoundScreen, errorComponent: ErrorScreen });
const gate = createRoute({ getParentRoute: () => root, id: "gate", component: Gate });

const outside = () => import("../account/outside");
const setup = createRoute({
  getParentRoute: () => root, path: "/setup", validateSearch: (search): { token?: string } => ({ token: text(search["token"]) }),
  component: lazyRouteComponent(outside, "SetupScreen"),
});
const signIn = createRoute({
  getParentRoute: () => root, path: "/sign-in", validateSearch: (search): Next => ({ next: text(search["next"]) }), component: lazyRouteComponent(outside, "SignInScreen"),
});
const forgotten = createRoute({ getParentRoute: () => root, path: "/forgotten", component: lazyRouteComponent(outside, "ForgottenScreen") });
const reset = createRoute({ getParentRoute: () => root, path: "/reset/$token", component: lazyRouteComponent(outside, "ResetScreen") });
const invitation = createRoute({ getParentRoute: () => root, path: "/invitation/$token", component: lazyRouteComponent(outside, "InvitationScreen") });
const kit = createRoute({ getParentRoute: () => root, path: "/kit", component: lazyRouteComponent(() => import("./KitScreen"), "KitScreen") });

const inbox = createRoute({ getParentRoute: () => gate, id: "inbox", validateSearch: inboxSearch, component: InboxScreen });
const inboxStart = createRoute({ getParentRoute: () => inbox, path: "/" });
const conversation = createRoute({ getParentRoute: () => inbox, path: "/c/$id" });

const contactScreens = () => import("../contact/screens");
const contacts = createRoute({
  getParentRoute: () => gate, path: "/contacts", validateSearch: (search): { q?: string } => ({ q: text(search["q"]) }),
  component: lazyRouteComponent(contactScreens, "ContactsScreen"),
});
const contact = createRoute({ getParentRoute: () => gate, path: "/contacts/$id", component: lazyRouteComponent(contactScreens, "ContactScreen") });

const settingsScreens = () => withWords("settings", import("../settings/screens"));
const automationScreens = () => withWords("settings", withWords("desk", import("../automation/screens")));
const settings = createRoute({ getParentRoute: () => gate, path: "/settings", component: lazyRouteComponent(settingsScreens, "SettingsFrame") });
const settingsIndex = createRoute({ getParentRoute: () => settings, path: "/", component: lazyRouteComponent(settingsScreens, "ProfileScreen") });
const settingsPages = [
  createRoute({ getParentRoute: () => settings, path: "security", component: lazyRouteComponent(settingsScreens, "SecurityScreen") }),
  createRoute({ getParentRoute: () => settings, path: "teammates", component: lazyRouteComponent(settingsScreens, "TeammatesScreen") }),
  createRoute({ getParentRoute: () => settings, path: "teams", component: lazyRouteComponent(settingsScreens, "TeamsScreen") }),
  createRoute({ getParentRoute: () => settings, path: "inboxes", component: lazyRouteComponent(settingsScreens, "InboxesScreen") }),
  createRoute({
    getParentRoute: () => settings, path: "inboxes/$id", validateSearch: (search): { channel?: string; authorization?: number } => ({ channel: text(search["channel"]), authorization: Number(search["authorization"]) || undefined }), component: lazyRouteComponent(settingsScreens, "InboxScreen"),
  }),
  createRoute({
    getParentRoute: () => settings, path: "oauth", component: lazyRouteComponent(settingsScreens, "ReturnScreen"), // where providers send people back to: docs/channels/email.md
    validateSearch: (search): { state?: string; code?: string; error?: string } => ({ state: text(search["state"]), code: text(search["code"]), error: text(search["error"]) }),
  }),
  createRoute({
    getParentRoute: () => settings, path: "notifications",
    component: lazyRouteComponent(() => withWords("desk", import("../notification/screens")), "NotificationSettingsScreen"),
  }),
  createRoute({ getParentRoute: () => settings, path: "snippets", component: lazyRouteComponent(automationScreens, "SnippetsScreen") }),
  createRoute({ getParentRoute: () => settings, path: "macros", component: lazyRouteComponent(automationScreens, "MacrosScreen") }),
  createRoute({ getParentRoute: () => settings, path: "api-keys", component: lazyRouteComponent(settingsScreens, "ApiKeysScreen") }),
];

const healthScreens = () => withWords("settings", import("../health/screens"));
const health = createRoute({ getParentRoute: () => gate, path: "/health", component: lazyRouteComponent(healthScreens, "HealthScreen") });
const mails = createRoute({
  getParentRoute: () => gate, path: "/health/mails", validateSearch: (search): { state?: string } => ({ state: text(search["state"]) }),
  component: lazyRouteComponent(healthScreens, "MailsScreen"),
});
const jobs = createRoute({ getParentRoute: () => gate, path: "/health/jobs", component: lazyRouteComponent(healthScreens, "JobsScreen") });
const outgoing = createRoute({
  getParentRoute: () => gate, path: "/outgoing", validateSearch: (search): { mail?: number } => ({ mail: Number(search["mail"]) || undefined }),
  component: lazyRouteComponent(healthScreens, "OutgoingScreen"),
});

const outbox = createRoute({
  getParentRoute: () => gate, path: "/outbox", validateSearch: (search): { of?: string } => ({ of: text(search["of"]) }),
  component: lazyRouteComponent(healthScreens, "OutboxScreen"),
});

const notificationScreens = () => withWords("desk", import("../notification/screens"));
const notifications = createRoute({ getParentRoute: () => gate, path: "/notifications", component: lazyRouteComponent(notificationScreens, "NotificationsScreen") });

const routeTree = root.addChildren([
  setup, signIn, forgotten, reset, invitation, kit,
  gate.addChildren([
    inbox.addChildren([inboxStart, conversation]), contacts, contact, settings.addChildren([settingsIndex, ...settingsPages]), health, mails, jobs, outgoing, outbox, notifications,
  ]),
]);

export function newRouter() {
  return createRouter({ routeTree, defaultPreload: "intent", scrollRestoration: false });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
