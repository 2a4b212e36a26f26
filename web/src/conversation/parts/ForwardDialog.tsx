import { useQueryClient } from "@tanstack/react-query";
import { Button, Dialog, Segments, showToast } from "@rapport/ui";
import { lazy, Suspense, useRef, useState } from "react";
import { api } from "../../client/fetch";
import { messageOf } from "../../client/problem";
import type { Message } from "../../client/nouns";
import { t, withWords } from "../../i18n";
import { putMessage } from "../cache";
import { AttachButton } from "../composer/AttachButton";
import { FileTiles } from "../composer/FileTiles";
import { RecipientLines } from "../composer/RecipientLines";
import { everybody } from "../composer/recipients";
import { useFiles } from "../composer/useFiles";
import { belowText, usePictures } from "../composer/usePictures";
import { holdSeconds } from "../composer/holdSeconds";
import type { DraftContent } from "../localDrafts";

const Editor = lazy(() => withWords("desk", import("../composer/Editor")));

/** Passes a message on to somebody outside: to whom, how much of what was said, which files. */
export default function ForwardDialog({ conversationId, message, onClose }: { conversationId: number; message: Message; onClose: () => void }) {
  const [content, setContent] = useState<DraftContent>({ text: "", html: "", to: [], cc: [], bcc: [], files: message.attachments.filter((file) => !file.inline) });
  const [history, setHistory] = useState<"one" | "all">("one");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const clientId = useRef(crypto.randomUUID());
  const client = useQueryClient();
  const change = (patch: Partial<DraftContent>) => setContent((now) => ({ ...now, ...patch }));
  const files = useFiles((file) => setContent((now) => ({ ...now, files: [...now.files, file] })));
  const pictures = usePictures(content, files.add);
  const ready = content.to.length + content.cc.length + content.bcc.length > 0 && files.sending.length === 0;

  async function send() {
    setBusy(true);
    const { files: sent, ...words } = content;
    try {
      const note = await api.post<Message>(`/conversations/${conversationId}/messages/${message.id}/forward`, {
        ...words, html: words.html || undefined, history: history === "all", attachment_ids: sent.map((file) => file.id), client_id: clientId.current, hold_seconds: holdSeconds.get(),
      });
      putMessage(client, conversationId, note);
      showToast({ text: t("forward.sent", { names: everybody(note) }), seconds: holdSeconds.get() - 1, sub: (n) => t("composer.goesOut", { n }), action: { label: t("action.undo"), icon: "undo", run: () => void takeBack(note) } });
      onClose();
    } catch (error) {
      setWrong(messageOf(error));
      setBusy(false);
    }
  }
  async function takeBack(note: Message) {
    try {
      await api.delete(`/conversations/${conversationId}/messages/${note.id}/hold`);
      putMessage(client, conversationId, { ...note, delivery: { state: "cancelled", reason: "", until: null } });
    } catch (error) {
      showToast({ text: t("composer.tooLate"), sub: messageOf(error) });
    }
  }
  return (
    <Dialog wide title={t("forward.title")} closeLabel={t("action.close")} onClose={onClose}>
      {wrong && <p className="bad" role="alert">{wrong}</p>}
      <RecipientLines value={content} onChange={change} />
      <div className="setting-line">
        <span>{t("forward.how")}</span>
        <Segments label={t("forward.how")} value={history} options={[{ value: "one", label: t("forward.one") }, { value: "all", label: t("forward.all") }]} onChange={setHistory} />
      </div>
      <section className="composer plain">
        <Suspense fallback={<div className="editor-box waiting-editor" />}>
          <Editor html="" label={t("forward.words")} placeholder={t("forward.words")} language={undefined} onFiles={files.add} pictures={pictures}
            onChange={(written) => setContent((now) => ({ ...now, ...pictures.after(written, now) }))}
            tools={(format) => (
              <div className="tools">
                {format}
                <AttachButton onFiles={files.add} />
                <span className="grow" />
                <Button look="primary" disabled={!ready} busy={busy} onClick={send}>{t("forward.send")}</Button>
              </div>
            )}
          />
        </Suspense>
        <FileTiles files={belowText(content)} sending={files.sending} onRemove={(id) => change({ files: content.files.filter((file) => file.id !== id) })} />
      </section>
      <p className="quiet">{t("forward.why")}</p>
    </Dialog>
  );
}

