import { Banner, Button, Card, Chip, CodeLine, Segments } from "@rapport/ui";
import { useState } from "react";
import { Ago } from "../../../app/Ago";
import type { ChatSettings, Inbox, Installation } from "../../../client/nouns";
import { t } from "../../../i18n";
import { inboxes as verbs, useInboxChange, useInstallation } from "../../queries";
import { isAllowed } from "../sites";
import { snippetKinds, snippetOf, type SnippetKind } from "../snippets";

type InstallProps = { inbox: Inbox; chat: ChatSettings; onAllowed: (saved: Inbox) => void };

/** What to paste into the site, and whether it has been seen there: green by itself at the first visit. */
export function InstallCard({ inbox, chat, onAllowed }: InstallProps) {
  const [kind, setKind] = useState<SnippetKind>("html");
  const { data: installation } = useInstallation(inbox.id);
  const options = snippetKinds.map((value) => ({ value, label: t(`chat.install.${value}`) }));
  const seen = installation?.seen_at;
  return (
    <Card title={t("chat.install")} end={seen ? <Chip tone="success" icon="check">{t("chat.install.seen")}</Chip> : installation && <span className="quiet waiting-dot">{t("chat.install.waiting")}</span>}>
      <div className="card-body">
        <div className="install-kinds"><Segments label={t("chat.install.kind")} value={kind} options={options} onChange={setKind} /></div>
        <p className="quiet">{t(`chat.install.${kind}.why`)}</p>
        <CodeLine text={snippetOf(kind, window.location.origin, chat.site_key)} copyLabel={t("action.copy")} copiedLabel={t("action.copied")} />
        {installation && <Check installation={installation} />}
        {installation && <Refused inbox={inbox} chat={chat} installation={installation} onAllowed={onAllowed} />}
      </div>
    </Card>
  );
}

function Check({ installation }: { installation: Installation }) {
  const { seen_at, origin } = installation;
  if (!seen_at) return <p className="quiet" role="status">{t("chat.install.waiting.why")}</p>;
  return <Banner tone="success" icon="checkCircle"><b dir="ltr">{origin}</b> · {t("chat.install.last")} <Ago at={seen_at} /></Banner>;
}

/** A page with the snippet that is on no allowed site: either somebody else's, or one that was forgotten. */
function Refused({ inbox, chat, installation, onAllowed }: InstallProps & { installation: Installation }) {
  const { refused_origin, refused_at } = installation;
  const allow = useInboxChange(() => verbs.change({ id: inbox.id, chat: { allowed_origins: [...chat.allowed_origins, refused_origin] } }));
  if (!refused_origin || !refused_at || isAllowed(refused_origin, chat.allowed_origins)) return null;
  return (
    <Banner tone="warning" action={<Button look="on-tint" busy={allow.isPending} onClick={() => allow.mutate(undefined, { onSuccess: onAllowed })}>{t("chat.install.allow")}</Button>}>
      <b dir="ltr">{refused_origin}</b> {t("chat.install.refused")} · <Ago at={refused_at} />
    </Banner>
  );
}
