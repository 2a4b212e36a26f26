import { lazy, type ComponentType } from "react";
import type { Inbox } from "../client/nouns";

/** The screen of each kind of inbox, without an inbox to add one. Each comes when it is opened. */
export const channelScreens: Record<Inbox["channel"], ComponentType<{ inbox: Inbox | undefined }>> = {
  email: lazy(() => import("./MailInboxScreen")),
  chat: lazy(() => import("./chat/ChatInboxScreen")),
  form: lazy(() => import("./form/FormInboxScreen")),
};
