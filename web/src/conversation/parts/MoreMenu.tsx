import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Dialog, IconButton, Menu, MenuItem, MenuLine, showToast, TextField } from "@rapport/ui";
import { useState } from "react";
import { useMe } from "../../account/people";
import { runCommand } from "../../app/commands";
import { api, pathOf } from "../../client/fetch";
import { messageOf } from "../../client/problem";
import type { ConversationDetail } from "../../client/nouns";
import { t } from "../../i18n";
import { dropConversation } from "../cache";

/** What one does rarely. */
export function MoreMenu({ conversation }: { conversation: ConversationDetail }) {
  const [asking, setAsking] = useState<"delete" | "transcript" | null>(null);
  const { permissions } = useMe();
  const { id, number } = conversation;
  const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => showToast({ text: t("action.copied") }));
  return (
    <>
      <Menu trigger={<IconButton icon="more" label={t("conversation.more")} />}>
        <MenuItem icon="check" keys="E" onSelect={() => runCommand("close")}>{conversation.status === "closed" ? t("action.reopen") : t("action.closeConversation")}</MenuItem>
        <MenuItem icon="repeat" keys="M" onSelect={() => runCommand("macro")}>{t("command.macro")}</MenuItem>
        <MenuItem icon="ban" keys="!" onSelect={() => runCommand("spam")}>{conversation.spam ? t("command.notSpam") : t("command.spam")}</MenuItem>
        <MenuLine />
        <MenuItem icon="link" onSelect={() => copy(`${window.location.origin}/c/${id}`)}>{t("conversation.copyLink")}</MenuItem>
        <MenuItem icon="copy" onSelect={() => copy(`#${number}`)}>{t("conversation.copyNumber", { number: String(number) })}</MenuItem>
        <MenuItem icon="download" onSelect={() => window.open(pathOf(`/conversations/${id}/transcript`))}>{t("conversation.download")}</MenuItem>
        <MenuItem icon="mail" onSelect={() => setAsking("transcript")}>{t("conversation.mailTranscript")}</MenuItem>
        {permissions.includes("conversation.delete") && (
          <>
            <MenuLine />
            <MenuItem icon="x" danger onSelect={() => setAsking("delete")}>{t("conversation.delete")}</MenuItem>
          </>
        )}
      </Menu>
      {asking === "delete" && <DeleteDialog id={id} onClose={() => setAsking(null)} />}
      {asking === "transcript" && <TranscriptDialog id={id} onClose={() => setAsking(null)} />}
    </>
  );
}

function DeleteDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  async function remove() {
    try {
      await api.delete(`/conversations/${id}`);
    } catch (error) {
      return void showToast({ text: messageOf(error) });
    }
    await navigate({ to: "/", search: (now) => now });
    dropConversation(client, id);
    showToast({ text: t("conversation.deleted") });
  }
  return (
    <Dialog
      title={t("conversation.delete.do")} closeLabel={t("action.close")} onClose={onClose}
      foot={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button look="danger" onClick={remove}>{t("conversation.delete.do")}</Button></>}
    >
      <p>{t("conversation.delete.why")}</p>
    </Dialog>
  );
}

function TranscriptDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const [to, setTo] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  async function send() {
    try {
      await api.post(`/conversations/${id}/transcript`, { to });
    } catch (error) {
      return setWrong(messageOf(error));
    }
    showToast({ text: t("conversation.transcriptSent", { to }) });
    onClose();
  }
  return (
    <Dialog
      enterSends title={t("conversation.mailTranscript")} closeLabel={t("action.close")} onClose={onClose}
      foot={<Button look="primary" disabled={!to.includes("@")} onClick={send}>{t("action.send")}</Button>}
    >
      <TextField type="email" label={t("field.email")} value={to} wrong={wrong} autoFocus onChange={(event) => setTo(event.target.value)} />
    </Dialog>
  );
}
