import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Banner, Button } from "@rapport/ui";
import { useCan } from "../../account/people";
import { api } from "../../client/fetch";
import type { Original } from "../../client/nouns";
import { messageOf } from "../../client/problem";
import { t } from "../../i18n";
import { givenName } from "../../i18n/names";
import { conversationKeys } from "../queries";

/** Asks whether who wrote a mail that a teammate has forwarded shall be the customer. */
export default function OriginalBanner({ conversationId: id }: { conversationId: number }) {
  const client = useQueryClient();
  const mayDecide = useCan("conversation.subject");
  const { data } = useQuery({ queryKey: conversationKeys.original(id), queryFn: ({ signal }) => api.get<Original>(`/conversations/${id}/original`, {}, signal), retry: false });
  const decide = useMutation({
    mutationFn: (take: boolean) => (take ? api.post(`/conversations/${id}/original`, {}) : api.delete(`/conversations/${id}/original`)),
    meta: { quiet: true },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: conversationKeys.original(id) });
      void client.invalidateQueries({ queryKey: conversationKeys.detail(id) });
    },
  });
  if (data?.state !== "proposed") return null;
  const forwarder = givenName(data.forwarder);
  return (
    <Banner icon="forward">
      <b>{t("original.question", { forwarder, who: data.name ? `${data.name} <${data.address}>` : data.address })}</b> {t("original.why", { forwarder })}
      {mayDecide && (
        <div className="choices">
          <Button size="compact" busy={decide.isPending} onClick={() => decide.mutate(true)}>{t("original.take")}</Button>
          <Button size="compact" disabled={decide.isPending} onClick={() => decide.mutate(false)}>{t("original.decline")}</Button>
        </div>
      )}
      {decide.error && <p role="alert">{messageOf(decide.error)}</p>}
    </Banner>
  );
}
