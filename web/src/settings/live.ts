import type { QueryClient } from "@tanstack/react-query";
import type { Frame } from "../client/nouns";
import { settingsKeys } from "./queries";

/** inbox.changed asks the inboxes again. */
export function settingsLive(frame: Frame, client: QueryClient) {
  if (frame.type === "reset" || (frame.type === "event" && frame.kind === "inbox.changed")) void client.invalidateQueries({ queryKey: settingsKeys.inboxes });
}
