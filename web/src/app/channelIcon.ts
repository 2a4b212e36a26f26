import type { IconName } from "@rapport/ui";

const icons: Record<string, IconName> = { email: "mail", chat: "chat", form: "form" };

/** The drawing of a channel, the same wherever one is shown. */
export function channelIcon(channel: string): IconName {
  return icons[channel] ?? "chat";
}
