import { Banner, Button, Card, Chip, CodeLine, Dialog } from "@rapport/ui";
import { useState } from "react";
import { t } from "../../../i18n";
import { inboxes as verbs, useInboxChange } from "../../queries";
import { identityExample, identityUse } from "../snippets";

/** With a secret the company's server can say who a visitor is. Without it an address is only a claim. */
export function IdentityCard({ inboxId, site, has }: { inboxId: number; site: string; has: boolean }) {
  const [asking, setAsking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const make = useInboxChange(() => verbs.newIdentitySecret(inboxId));
  const run = () => make.mutate(undefined, { onSuccess: (made) => { setAsking(false); setSecret(made.secret); } });
  const steps = (["sign", "hand", "end"] as const).map((step) => t(`chat.identity.step.${step}`));
  return (
    <Card title={t("chat.identity")} end={has && <Chip tone="success" icon="check">{t("chat.identity.has")}</Chip>}>
      <div className="card-body">
        <p className="quiet">{t("chat.identity.why")}</p>
        <ol className="steps">
          <li>{steps[0]}<pre className="code-block" dir="ltr">{identityExample(site)}</pre></li>
          <li>{steps[1]}<pre className="code-block" dir="ltr">{identityUse}</pre></li>
          <li>{steps[2]}</li>
        </ol>
        <div><Button icon="key" busy={make.isPending} onClick={() => (has ? setAsking(true) : run())}>{t(has ? "chat.identity.renew" : "chat.identity.make")}</Button></div>
      </div>
      {asking && (
        <Dialog
          title={t("chat.identity.renew")} closeLabel={t("action.close")} onClose={() => setAsking(false)}
          foot={<><Button onClick={() => setAsking(false)}>{t("action.cancel")}</Button><Button look="danger" busy={make.isPending} onClick={run}>{t("chat.identity.renew.do")}</Button></>}
        >
          <p>{t("chat.identity.renew.why")}</p>
        </Dialog>
      )}
      {secret && (
        <Dialog title={t("chat.identity.secret")} closeLabel={t("action.close")} onClose={() => setSecret(null)} foot={<Button look="primary" onClick={() => setSecret(null)}>{t("action.done")}</Button>}>
          <Banner tone="warning">{t("chat.identity.once")}</Banner>
          <CodeLine text={secret} copyLabel={t("action.copy")} copiedLabel={t("action.copied")} />
        </Dialog>
      )}
    </Card>
  );
}
