import { Segments } from "@rapport/ui";
import type { ConversationDetail, Message } from "../../client/nouns";
import { t } from "../../i18n";
import { useInboxes } from "../../settings/queries";
import { replyRecipients, sameRecipients, type Recipients } from "./recipients";

type ReplyToProps = { value: Recipients; conversation: ConversationDetail; messages: Message[]; onChange: (recipients: Recipients & { follows: "one" | "all" }) => void };

/** Whether an answer goes to one or to everybody, where that is a choice. Chips changed by hand are neither. */
export function ReplyTo({ value, conversation, messages, onChange }: ReplyToProps) {
  const inboxes = useInboxes();
  const one = replyRecipients(conversation, messages, inboxes, false);
  const all = replyRecipients(conversation, messages, inboxes, true);
  if (sameRecipients(one, all)) return null;
  const chosen = sameRecipients(value, all) ? "all" : sameRecipients(value, one) ? "one" : "other";
  const options = [{ value: "one" as const, label: t("composer.reply") }, { value: "all" as const, label: t("composer.replyAllTo", { n: all.to.length + all.cc.length }) }];
  return <Segments<"one" | "all" | "other"> label={t("composer.replyTo")} value={chosen} options={options} onChange={(next) => onChange(next === "all" ? { ...all, follows: "all" } : { ...one, follows: "one" })} />;
}
