import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ConversationDetail } from "../../client/nouns";
import { t } from "../../i18n";
import { numberIn } from "../subject";
import { numberedQuery } from "../queries";

/** The conversation that the subject names by its number, if the agent may see it: a hint, for anybody can write a number. */
export function SubjectNames({ conversation }: { conversation: ConversationDetail }) {
  const number = numberIn(conversation.subject, conversation.number);
  const { data: named } = useQuery({ ...numberedQuery(number ?? 0), enabled: number !== null });
  if (!named || named.id === conversation.linked_conversation_id) return null;
  return <Link className="link older cut" to="/c/$id" params={{ id: String(named.id) }}>{t("conversation.subjectNames", { number: named.number, subject: named.subject || named.excerpt })}</Link>;
}
