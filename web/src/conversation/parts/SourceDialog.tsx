import { useQuery } from "@tanstack/react-query";
import { Dialog } from "@rapport/ui";
import { api } from "../../client/fetch";
import { messageOf } from "../../client/problem";
import { t } from "../../i18n";

/** The mail as it came or went: headers and body, nothing interpreted. */
export default function SourceDialog({ conversationId, messageId, onClose }: { conversationId: number; messageId: number; onClose: () => void }) {
  const { data, error } = useQuery({ queryKey: ["conversation", "source", messageId], queryFn: () => api.text(`/conversations/${conversationId}/messages/${messageId}/source`), retry: false });
  return (
    <Dialog wide title={t("message.source")} closeLabel={t("action.close")} onClose={onClose}>
      {error ? <p>{messageOf(error)}</p> : <pre className="code-block" dir="ltr" tabIndex={0}>{data ?? "…"}</pre>}
    </Dialog>
  );
}
