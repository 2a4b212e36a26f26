import type { QueryClient } from "@tanstack/react-query";
import type { Frame } from "../client/nouns";

/** snippet.changed and macro.changed ask the lists again. */
export function automationLive(frame: Frame, client: QueryClient) {
  if (frame.type === "reset" || (frame.type === "event" && (frame.kind === "snippet.changed" || frame.kind === "macro.changed"))) void client.invalidateQueries({ queryKey: ["automation"] });
}
