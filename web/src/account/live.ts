import type { QueryClient } from "@tanstack/react-query";
import type { Frame } from "../client/nouns";
import { accountKeys } from "./queries";

/** agent.* and team.* ask the lists of people again; one's own row too, for it may be the one that changed. */
export function accountLive(frame: Frame, client: QueryClient) {
  if (frame.type === "reset") void client.invalidateQueries({ queryKey: ["account"] });
  if (frame.type !== "event") return;
  if (frame.kind.startsWith("agent.")) {
    void client.invalidateQueries({ queryKey: accountKeys.agents });
    void client.invalidateQueries({ queryKey: accountKeys.me });
  }
  if (frame.kind.startsWith("team.")) void client.invalidateQueries({ queryKey: accountKeys.teams });
}
