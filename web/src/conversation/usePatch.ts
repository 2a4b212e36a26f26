import { useQueryClient } from "@tanstack/react-query";
import type { Conversation } from "../client/nouns";
import { patchConversation } from "./cache";

/** Changes a conversation on screen only; the server is told by the caller. */
export function usePatch() {
  const client = useQueryClient();
  return (id: number, patch: Partial<Conversation>) => patchConversation(client, id, patch);
}
