import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Banner, Button, showToast } from "@rapport/ui";
import { useCan } from "../account/people";
import { shownKeys } from "../app/keys";
import { api } from "../client/fetch";
import type { Contact, ConversationDetail } from "../client/nouns";
import { messageOf } from "../client/problem";
import { contactKeys, useContact } from "../contact/queries";
import { useChange } from "../conversation/useChange";
import { t } from "../i18n";

/** Blocks a customer, or lets them in again, with Undo. */
export function useBlock(id: number) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (blocked: boolean) => api.patch<Contact>(`/contacts/${id}`, { blocked }),
    onSuccess: (contact) => client.setQueryData(contactKeys.detail(id), contact),
    onError: (error) => showToast({ text: messageOf(error) }),
  });
  const block = (blocked: boolean) => change.mutate(blocked, {
    onSuccess: () => showToast({
      text: t(blocked ? "many.block.done" : "many.block.lifted"),
      action: { label: t("action.undo"), icon: "undo", keys: shownKeys("Z"), run: () => change.mutate(!blocked) },
    }),
  });
  return { block, busy: change.isPending };
}

/** In a conversation marked as spam, or of somebody who is blocked: what that means, and the way out. */
export default function SpamBanner({ conversation }: { conversation: ConversationDetail }) {
  const { id, spam, contact_id } = conversation;
  const { data: contact } = useContact(contact_id);
  const { block, busy } = useBlock(contact_id);
  const change = useChange();
  const mayBlock = useCan("contact.edit") && contact !== undefined;
  const mayMark = useCan("conversation.spam");
  const blocked = contact?.blocked ?? false;
  if (!spam && !blocked) return null;
  return (
    <Banner
      tone="warning"
      action={
        <span className="actions">
          {mayBlock && <Button size="compact" busy={busy} onClick={() => block(!blocked)}>{blocked ? t("many.block.lift") : t("many.block.do")}</Button>}
          {spam && mayMark && <Button size="compact" onClick={() => change(id, { field: "spam", spam: false })}>{t("command.notSpam")}</Button>}
        </span>
      }
    >
      <b>{blocked ? t("many.blocked") : t("many.spam")}</b> {blocked ? t("many.blocked.why") : t("many.spam.why")}
    </Banner>
  );
}
