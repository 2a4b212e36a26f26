import type { QueryClient } from "@tanstack/react-query";
import type { Frame } from "../client/nouns";
import { contactKeys } from "./queries";

/** contact.* touches that customer and the lists; company.* the companies; a message the list of past conversations. */
export function contactLive(frame: Frame, client: QueryClient) {
  if (frame.type === "reset") void client.invalidateQueries({ queryKey: contactKeys.all });
  if (frame.type !== "event") return;
  const { kind, contact_id } = frame;
  if (kind.startsWith("company.")) void client.invalidateQueries({ queryKey: contactKeys.companies });
  if (kind.startsWith("contact.")) {
    if (contact_id !== null) void client.invalidateQueries({ queryKey: contactKeys.detail(contact_id) });
    void client.invalidateQueries({ queryKey: ["contact", "list"] });
    if (kind.endsWith("suppressed")) void client.invalidateQueries({ queryKey: contactKeys.suppressions });
  }
  if (contact_id !== null && (kind === "conversation.created" || kind === "conversation.status")) {
    void client.invalidateQueries({ queryKey: contactKeys.conversations(contact_id) });
  }
}
