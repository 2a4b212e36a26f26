import { Button, Card, Icon, TextField } from "@rapport/ui";
import { useState } from "react";
import { messageOf } from "../../../client/problem";
import type { Inbox } from "../../../client/nouns";
import { t } from "../../../i18n";
import { byEnter, useAuthorization, useSetOut } from "../signIn";

/** The OAuth sign-in that an inbox uses, or none. */
export const authorizationOf = ({ email }: Inbox) => email?.imap?.authorization_id || email?.smtp?.authorization_id;

/** Whom the inbox is signed in with. When the provider lets it in no more: what is safe, and the way back. */
export function ReconnectCard({ inbox, id }: { inbox: Inbox; id: number }) {
  const { data: signIn } = useAuthorization(id);
  const setOut = useSetOut();
  const [secret, setSecret] = useState<string>();
  const lost = inbox.state === "reconnect";
  const name = signIn?.name ?? t("signin.provider");
  const leaving = setOut.isPending || setOut.isSuccess;
  const leave = () => !leaving && setOut.mutate({ authorization_id: id, ...(secret && { client_secret: secret }) });
  const again = <Button size="compact" icon="retry" busy={leaving} onClick={leave}>{lost ? t("signin.reconnect") : t("signin.again")}</Button>;
  if (!lost) {
    return (
      <Card title={t("signin.title", { name })} end={again}>
        <div className="checks"><p className="signed-in"><span className="good"><Icon name="checkCircle" size={20} /></span>{t("signin.done", { address: signIn?.address ?? inbox.address, name })}</p></div>
        {setOut.error && <p className="card-note bad" role="alert">{messageOf(setOut.error)}</p>}
      </Card>
    );
  }
  return (
    <div className="banner danger reconnect" role="alert" onKeyDown={byEnter(leave)}>
      <Icon name="alertCircle" size={20} />
      <div className="grow">
        <b>{t("signin.lost", { address: inbox.address })}</b>
        <p>{inbox.state_message}</p>
        <p>{t("signin.safe")}</p>
        {setOut.error && <p>{messageOf(setOut.error)}</p>}
        {secret !== undefined && <TextField label={t("signin.client_secret")} type="password" autoComplete="off" autoFocus hint={t("signin.newSecret.hint", { name })} value={secret} onChange={(event) => setSecret(event.target.value)} />}
        <div className="ways">{again}{secret === undefined && <Button size="compact" look="on-tint" onClick={() => setSecret("")}>{t("signin.newSecret")}</Button>}</div>
      </div>
    </div>
  );
}
