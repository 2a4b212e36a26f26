import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconButton, showToast } from "@rapport/ui";
import { useAgents } from "../account/people";
import { useCommands } from "../app/commands";
import { shownKeys } from "../app/keys";
import { api } from "../client/fetch";
import type { Following } from "../client/nouns";
import { messageOf } from "../client/problem";
import { conversationKeys } from "../conversation/queries";
import { currentLanguage, t } from "../i18n";

type Stance = Following["mine"];

/** Whether I follow the conversation, and who does: what happens in it is told to them. W follows and stops; mute is in the palette. */
export default function FollowButton({ id }: { id: number }) {
  const client = useQueryClient();
  const agents = useAgents();
  const key = [...conversationKeys.history(id), "following"]; // read again with what happened
  const { data } = useQuery({ queryKey: key, queryFn: () => api.get<Following>(`/conversations/${id}/following`) });
  const mine = data?.mine ?? "neither";

  async function set(stance: Stance, back: Stance | null) {
    try {
      client.setQueryData(key, await api.put<Following>(`/conversations/${id}/following`, { stance }));
    } catch (error) {
      return void showToast({ text: messageOf(error), action: { label: t("action.retry"), icon: "retry", run: () => void set(stance, back) } });
    }
    if (back) showToast({ text: t(`follow.done.${stance}`), action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => void set(back, null) } });
  }
  const watching = mine === "watching";
  useCommands([
    { id: "follow", label: watching ? t("follow.stop") : t("follow.start"), keys: "W", group: "conversation", icon: "eye", also: "watch subscribe", run: () => void set(watching ? "neither" : "watching", mine) },
    { id: "mute", label: mine === "muted" ? t("follow.unmute") : t("follow.mute"), group: "conversation", icon: "bell", also: "silence ignore", run: () => void set(mine === "muted" ? "neither" : "muted", mine) },
  ]);
  const names = (data?.watching ?? []).map((agent) => agents.find((each) => each.id === agent)?.name).filter((name) => name !== undefined);
  const action = watching ? t("follow.stop") : t("follow.start");
  const who = mine === "muted" ? t("follow.done.muted") : names.length > 0 ? t("follow.who", { names: new Intl.ListFormat(currentLanguage()).format(names) }) : "";
  return (
    <IconButton
      icon={mine === "muted" ? "ban" : "eye"} keys="W" aria-pressed={watching} label={who ? `${action} · ${who}` : action}
      onClick={() => void set(watching ? "neither" : "watching", mine)}
    />
  );
}
