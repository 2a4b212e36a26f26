import { Link } from "@tanstack/react-router";
import { Button, Chip, Dialog, IconButton, Menu, MenuItem, MenuLine, showToast } from "@rapport/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Ago } from "../../app/Ago";
import { api } from "../../client/fetch";
import { messageOf } from "../../client/problem";
import type { Mail } from "../../client/nouns";
import { t } from "../../i18n";
import { bytes } from "../../i18n/dates";
import { languageOf } from "../../i18n/language";
import { health, useRepair } from "../queries";

/** Mails as they came in, with the reason for each that did not become a message. */
export function MailsTable({ mails, showState = false }: { mails: Mail[]; showState?: boolean }) {
  return (
    <div className="table-wrap">
      <table className="table mails">
        <thead><tr><th>{t("mails.from")}</th><th>{showState ? t("mails.state") : t("mails.why")}</th><th className="end roomy">{t("mails.size")}</th><th className="roomy">{t("mails.received")}</th><th><span className="only-read">{t("action.more")}</span></th></tr></thead>
        <tbody>{mails.map((mail) => <MailRow key={mail.id} mail={mail} showState={showState} />)}</tbody>
      </table>
    </div>
  );
}

function MailRow({ mail, showState }: { mail: Mail; showState: boolean }) {
  const replay = useRepair(health.replay);
  const discard = useRepair(health.discard);
  const [source, setSource] = useState(false);
  return (
    <tr>
      <td className="limit">
        <b className="cut" title={mail.from}>{mail.from}</b>
        <span className="cut quiet" dir="auto" lang={languageOf(mail.subject)} title={mail.subject || mail.inbox}>{mail.subject || mail.inbox}</span>
      </td>
      <td>
        {showState && <Chip tone={mail.state === "quarantined" ? "warning" : mail.state === "rejected" ? "danger" : "grey"}>{t(`mails.state.${mail.state}`)}</Chip>} {mail.reason}
        {mail.attempts > 1 && <div className="quiet small">{t("mails.tries", { n: mail.attempts })}</div>}
      </td>
      <td className="end roomy quiet">{bytes(mail.size)}</td>
      <td className="quiet nowrap roomy"><Ago at={mail.received_at} /></td>
      <td className="end nowrap">
        {mail.conversation_id && <Link className="button compact" to="/c/$id" params={{ id: String(mail.conversation_id) }}>{t("mails.open")}</Link>}
        {mail.state === "quarantined" && <Button size="compact" icon="retry" busy={replay.isPending} onClick={() => replay.mutate(mail.id, { onSuccess: () => showToast({ text: t("mails.replayed"), seconds: 4 }) })} aria-label={t("action.retry")}><span className="roomy">{t("action.retry")}</span></Button>}
        <Menu trigger={<IconButton icon="more" label={t("mails.actions", { from: mail.from })} />}>
          <MenuItem icon="form" onSelect={() => setSource(true)}>{t("message.source")}</MenuItem>
          <MenuItem icon="download" onSelect={() => download(mail.id)}>{t("mails.download")}</MenuItem>
          {mail.state === "quarantined" && <><MenuLine /><MenuItem icon="x" danger onSelect={() => discard.mutate(mail.id)}>{t("mails.discard")}</MenuItem></>}
        </Menu>
        {source && <SourceDialog id={mail.id} onClose={() => setSource(false)} />}
      </td>
    </tr>
  );
}

/** The mail as it came, as a file that any mail program opens. */
function download(id: number) {
  const link = document.createElement("a");
  link.href = `/api/v1/mails/${id}/source`;
  link.download = `mail-${id}.eml`;
  link.click();
}

function SourceDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const { data, error } = useQuery({ queryKey: ["health", "source", id], queryFn: () => api.text(`/mails/${id}/source`), retry: false });
  return (
    <Dialog wide title={t("message.source")} closeLabel={t("action.close")} onClose={onClose}>
      {error ? <p>{messageOf(error)}</p> : <pre className="code-block" dir="ltr" tabIndex={0}>{data ?? "…"}</pre>}
    </Dialog>
  );
}
