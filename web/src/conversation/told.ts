import type { QueryClient } from "@tanstack/react-query";
import { showToast } from "@rapport/ui";
import type { Conversation, Meanwhile, Message } from "../client/nouns";
import type { Problem } from "../client/problem";
import { queue, type Command, type Room } from "../client/queue";
import { amend, giveUp } from "../client/sending";
import { t } from "../i18n";
import { dropConversation, dropMessage, patchConversation, putMessage } from "./cache";
import { patchOf, propertyOf } from "./change";
import { refreshViews } from "./live";
import { together } from "./composer/together";
import { broughtBack, cameBack, isBlank, localDrafts } from "./localDrafts";
import { aboutOf, laterOf, patchOfWaiting, settle, type About } from "./pending";
import { conversationKeys } from "./queries";
import { tellChange } from "./useChange";

/** What becomes of what a person has done to conversations, once the server has been told, or refuses. */
export function conversationRoom(client: QueryClient): Room {
  return {
    show(command) {
      const { lane } = command;
      const about = aboutOf(command);
      if (about.type === "message") putMessage(client, lane, about.message);
      patchConversation(client, lane, patchOfWaiting(lane));
    },
    done: (command, answer) => done(client, command, answer),
    refused: (command, error) => refused(client, command, error),
    overtaken: (command, now) => overtaken(client, command, now),
  };
}

function done(client: QueryClient, command: Command, answer: unknown) {
  const { lane } = command;
  if (aboutOf(command).type === "message") {
    if (answer) putMessage(client, lane, answer as Message);
    else void client.invalidateQueries({ queryKey: conversationKeys.messages(lane) });
    return;
  }
  const conversation = answer as Conversation | null;
  if (!conversation?.version) return;
  settle(conversation);
  patchConversation(client, lane, { ...conversation, ...patchOfWaiting(lane) });
  refreshViews(client);
}

function refused(client: QueryClient, command: Command, error: Problem) {
  const about = aboutOf(command);
  if (about.type === "message") return bringBack(client, command, about, error);
  if (error.status === 404) dropConversation(client, command.lane);
  if (about.type === "read") return;
  const [next] = laterOf(command);
  if (next) amend({ ...next, body: { ...next.body, was: command.body["was"] } });
  else patchConversation(client, command.lane, patchOf(about.back));
  showToast({
    text: t("error.takenBack"), sub: [about.name, error.message].filter(Boolean).join(": "),
    ...(error.status !== 404 && { action: { label: t("action.retry"), icon: "retry" as const, run: () => tellChange(client, command.lane, about.change) } }),
  });
}

/** Shows what somebody else has set; an older choice about the same field is taken over by the newer one. */
function overtaken(client: QueryClient, command: Command, { now }: Meanwhile) {
  const about = aboutOf(command);
  if (about.type !== "change") return;
  const { field } = about.change;
  for (const each of queue.get()) {
    const other = aboutOf(each);
    if (each.held && each.lane === command.lane && each.at < command.at && other.type === "change" && other.change.field === field) giveUp(each);
  }
  patchConversation(client, command.lane, { [propertyOf(field)]: now, ...patchOfWaiting(command.lane) });
  void client.invalidateQueries({ queryKey: conversationKeys.detail(command.lane) });
}

/** Words that could not be sent come back as a draft, before what has been written since, and with the reason. */
function bringBack(client: QueryClient, { lane: id, body }: Command, { message, kind, content }: About & { type: "message" }, error: Problem) {
  dropMessage(client, id, message.client_id ?? "");
  const since = localDrafts.read(id, kind);
  localDrafts.write(id, kind, since && !isBlank(since) ? together(content, since) : content);
  patchConversation(client, id, { draft: true });
  if (error.kind === "unseen") cameBack.set((now) => ({ ...now, [`${id}.${kind}`]: Number(body["seen_position"] ?? 0) }));
  void client.invalidateQueries({ queryKey: conversationKeys.messages(id) });
  broughtBack.set((n) => n + 1);
  showToast({ text: t("composer.notSent"), sub: error.message });
}
