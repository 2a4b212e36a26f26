import type { QueryClient } from "@tanstack/react-query";
import type { Frame } from "../client/nouns";
import { settingsKeys } from "./queries";

/** inbox.changed asks the inboxes again, and whether their chat has been seen on a site. */
export function settingsLive(frame: Frame, client: QueryClient) {
  if (frame.type !== "reset" && !(frame.type === "event" && frame.kind === "inbox.changed")) return;
  void client.invalidateQueries({ queryKey: settingsKeys.inboxes });
  void client.invalidateQueries({ queryKey: settingsKeys.installations });
}
