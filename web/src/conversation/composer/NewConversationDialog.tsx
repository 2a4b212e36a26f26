import { Button, Dialog, Select, showToast, TextField } from "@rapport/ui";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useMe } from "../../account/people";
import { api } from "../../client/fetch";
import { messageOf } from "../../client/problem";
import type { Conversation, NewConversation } from "../../client/nouns";
import { t, withWords } from "../../i18n";
import { useInboxes } from "../../settings/queries";
import { isBlank, localDrafts, type DraftContent } from "../localDrafts";
import { AttachButton } from "./AttachButton";
import { FileTiles } from "./FileTiles";
import { RecipientLines } from "./RecipientLines";
import { useFiles } from "./useFiles";
import { belowText, usePictures } from "./usePictures";
import { valuesOf } from "./variables";

const Editor = lazy(() => withWords("desk", import("./Editor")));
const blank: DraftContent = { text: "", html: "", to: [], cc: [], bcc: [], files: [] };

/** A first mail to somebody. What is typed survives closing the dialog. */
export default function NewConversationDialog({ onClose, onSent }: { onClose: () => void; onSent: (id: number) => void }) {
  const inboxes = useInboxes().filter((inbox) => inbox.channel === "email");
  const [content, setContent] = useState<DraftContent>(() => localDrafts.read("new", "reply") ?? blank);
  const [subject, setSubject] = useState("");
  const [inboxId, setInboxId] = useState<number | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { agent } = useMe();
  const values = valuesOf({ agent, customer: content.to[0]?.name ?? "", inbox: inboxes.find((each) => each.id === inboxId) ?? inboxes[0] });
  const clientId = useRef(crypto.randomUUID());
  const change = (patch: Partial<DraftContent>) => setContent((now) => ({ ...now, ...patch }));
  const files = useFiles((file) => setContent((now) => ({ ...now, files: [...now.files, file] })));
  const pictures = usePictures(content, files.add);
  const inbox = inboxId ?? inboxes[0]?.id;
  const ready = inbox !== undefined && content.to.length > 0 && subject.trim() !== "" && !isBlank(content) && files.sending.length === 0;
  useEffect(() => {
    const timer = window.setTimeout(() => localDrafts.write("new", "reply", content), 300);
    return () => window.clearTimeout(timer);
  }, [content]);

  async function send() {
    if (!ready) return;
    const { files: sent, ...words } = content;
    const body: NewConversation = { ...words, html: words.html || undefined, inbox_id: inbox, subject: subject.trim(), attachment_ids: sent.map((file) => file.id), client_id: clientId.current, assignee_id: agent.id };
    setBusy(true);
    try {
      const conversation = await api.post<Conversation>("/conversations", body);
      localDrafts.remove("new", "reply");
      showToast({ text: t("composer.mailTo", { name: content.to[0]?.name || content.to[0]!.address }), sub: t("composer.onItsWay"), seconds: 4 });
      onSent(conversation.id);
    } catch (error) {
      setWrong(messageOf(error));
      setBusy(false);
    }
  }
  return (
    <Dialog wide title={t("conversation.new")} closeLabel={t("action.close")} onClose={onClose}>
      {wrong && <p className="bad" role="alert">{wrong}</p>}
      {inboxes.length > 1 && (
        <Select label={t("composer.sendFrom")} value={inbox} onChange={(event) => setInboxId(Number(event.target.value))}>
          {inboxes.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
        </Select>
      )}
      <RecipientLines value={content} onChange={change} />
      <TextField label={t("conversation.subject")} value={subject} maxLength={500} onChange={(event) => setSubject(event.target.value)} />
      <section className="composer plain">
        <Suspense fallback={<div className="editor-box waiting-editor" />}>
          <Editor html={content.html || content.text} label={t("composer.text")} placeholder={t("composer.text")} language={undefined} desk={{ kind: "reply", values }} onFiles={files.add} pictures={pictures}
            onChange={(written) => setContent((now) => ({ ...now, ...pictures.after(written, now) }))}
            tools={(format) => (
              <div className="tools">
                {format}
                <AttachButton onFiles={files.add} />
                <span className="grow" />
                <Button look="primary" disabled={!ready} busy={busy} onClick={send}>{t("action.send")}</Button>
              </div>
            )}
          />
        </Suspense>
        <FileTiles files={belowText(content)} sending={files.sending} onRemove={(id) => change({ files: content.files.filter((file) => file.id !== id) })} />
      </section>
    </Dialog>
  );
}
