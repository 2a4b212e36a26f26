import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Banner, Button } from "@rapport/ui";
import { useCan } from "../../account/people";
import { api } from "../../client/fetch";
import type { Silence } from "../../client/nouns";
import { t } from "../../i18n";
import { until } from "../../i18n/dates";
import { conversationKeys } from "../queries";

/** Says that nothing automatic leaves into this conversation, or to its customer, for a while, and why, and lets a teammate end it. */
export function SilenceBanner({ id }: { id: number }) {
  const key = conversationKeys.silence(id);
  const client = useQueryClient();
  const mayEnd = useCan("delivery.manage");
  const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<Silence>(`/conversations/${id}/silence`, {}, signal) });
  const end = useMutation({ mutationFn: () => api.delete(`/conversations/${id}/silence`), onSuccess: () => client.invalidateQueries({ queryKey: conversationKeys.silences }) });
  if (!data?.until || data.cause === "none") return null;
  return (
    <Banner tone="warning" action={mayEnd && <Button size="compact" busy={end.isPending} onClick={() => end.mutate()}>{t("silence.end")}</Button>}>
      <b>{t("silence.until", { time: until(data.until) })}</b> {t(data.elsewhere && data.cause === "flood" ? "silence.floodElsewhere" : `silence.${data.cause}`)}
    </Banner>
  );
}
