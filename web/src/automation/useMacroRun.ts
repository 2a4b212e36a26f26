import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { showToast } from "@rapport/ui";
import { shownKeys } from "../app/keys";
import { messageOf } from "../client/problem";
import { newId } from "../client/queue";
import type { Conversation } from "../client/nouns";
import { patchConversation } from "../conversation/cache";
import { runMacro, type Macro } from "../conversation/composer/menu/texts";
import { conversationKeys } from "../conversation/queries";
import { tellChange } from "../conversation/useChange";
import { t } from "../i18n";
import { waysBack } from "./back";

type Wishes = { /** Puts the words of its reply where they belong, and says whether it could; null: they have no place. */ reply: ((words: { text: string; html: string }) => boolean) | null };

/** Runs a macro on a conversation, hands its reply to whoever wants it, and offers to take the rest back. */
export function useMacroRun() {
  const client = useQueryClient();
  return async function run(macro: Macro, conversationId: number, wishes: Wishes, clientId = newId()): Promise<void> {
    try {
      const done = await runMacro(conversationId, macro.id, clientId);
      shown(client, done.conversation);
      void client.invalidateQueries({ queryKey: ["automation"] }); // used once more
      const left = done.reply !== null && wishes.reply !== null && !wishes.reply(done.reply);
      const noted = macro.actions.some((step) => step.do === "note");
      const undo = waysBack(done.before, done.conversation).length > 0 && { label: t("action.undo"), icon: "undo" as const, keys: shownKeys("Z"), run: () => waysBack(done.before, done.conversation).forEach((change) => tellChange(client, conversationId, change)) };
      showToast({
        text: t("slash.macroDone", { name: macro.name }), sub: left ? t("automation.replyLeft") : done.reply && !wishes.reply ? t("slash.macroInNote") : undo && noted ? t("automation.noteStays") : done.conversation.contact.name,
        ...(undo && { action: undo }),
      });
    } catch (error) {
      // The same id again: what was done although no answer came is not done twice.
      showToast({ text: t("slash.macroFailed", { name: macro.name }), sub: messageOf(error), action: { label: t("action.retry"), icon: "retry", run: () => void run(macro, conversationId, wishes, clientId) } });
    }
  };
}

function shown(client: QueryClient, conversation: Conversation) {
  patchConversation(client, conversation.id, conversation);
  void client.invalidateQueries({ queryKey: conversationKeys.messages(conversation.id) });
  void client.invalidateQueries({ queryKey: conversationKeys.history(conversation.id) });
  void client.invalidateQueries({ queryKey: conversationKeys.views });
}
