import "./versions.css";
import { useQuery } from "@tanstack/react-query";
import { Button, Dialog, Empty, Switch } from "@rapport/ui";
import { useState } from "react";
import { Ago } from "../../app/Ago";
import { Failed } from "../../app/Failed";
import { api } from "../../client/fetch";
import type { Draft, DraftKind, Page } from "../../client/nouns";
import { t } from "../../i18n";
import { exact } from "../../i18n/dates";
import { contentOf, type DraftContent } from "../localDrafts";
import { conversationKeys, draftQuery } from "../queries";

type VersionsProps = { conversationId: number; kind: DraftKind; onClose: () => void; onShare: (on: boolean) => Promise<void>; onBring: (content: DraftContent) => void };

/** What a draft said before, to look at and to bring back, and whether teammates may read it. */
export default function VersionsDialog({ conversationId, kind, onClose, onShare, onBring }: VersionsProps) {
  const { data, error, refetch } = useQuery({
    queryKey: [...conversationKeys.draft(conversationId, kind), "versions"], staleTime: 0,
    queryFn: async () => (await api.get<Page<Draft>>(`/conversations/${conversationId}/drafts/${kind}/versions`)).items,
  });
  const draft = useQuery(draftQuery(conversationId, kind)).data;
  const [at, setAt] = useState(0);
  const [shared, setShared] = useState<boolean | null>(null);
  const chosen = data?.[at];
  return (
    <Dialog
      wide title={t("versions.title")} closeLabel={t("action.close")} onClose={onClose}
      foot={chosen && <Button look="primary" icon="undo" onClick={() => { onBring(contentOf(chosen)); onClose(); }}>{t("versions.bring")}</Button>}
    >
      {error && <Failed error={error} onRetry={refetch} />}
      {data?.length === 0 && <Empty icon="draft" title={t("versions.none")} why={t("versions.none.why")} />}
      {data && data.length > 0 && (
        <div className="versions">
          <ul role="listbox" aria-label={t("versions.title")} tabIndex={0} onKeyDown={(event) => {
            const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
            if (step === 0) return;
            event.preventDefault();
            setAt((now) => Math.max(0, Math.min(data.length - 1, now + step)));
          }}>
            {data.map((version, n) => (
              <li key={version.version} className="option" role="option" aria-selected={n === at} onClick={() => setAt(n)} title={exact(version.updated_at)}>
                <span className="cut" dir="auto">{version.text.trim() || t("versions.files", { n: version.attachment_ids.length })}</span>
                <span className="sub"><Ago at={version.updated_at} /></span>
              </li>
            ))}
          </ul>
          <div className="version-text" dir="auto" tabIndex={0} role="region" aria-label={t("versions.text")}>{chosen?.text.trim() || t("versions.files", { n: chosen?.attachment_ids.length ?? 0 })}</div>
        </div>
      )}
      <div>
        <Switch label={t("versions.share")} on={shared ?? draft?.shared ?? false} disabled={!draft?.version} onChange={(on) => { setShared(on); void onShare(on).catch(() => setShared(!on)); }} />
        <p className="quiet small">{t("versions.share.why")}</p>
      </div>
    </Dialog>
  );
}
