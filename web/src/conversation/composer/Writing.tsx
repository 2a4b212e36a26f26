import { IconButton } from "@rapport/ui";
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { useMe } from "../../account/people";
import { useCommands } from "../../app/commands";
import { notation } from "../../app/keys";
import { useMemory } from "../../app/memory";
import type { ConversationDetail, DraftKind, Message } from "../../client/nouns";
import { Suppressed } from "../../contact/parts/Suppressed";
import { t, withWords } from "../../i18n";
import { languageOf } from "../../i18n/language";
import { givenName } from "../../i18n/names";
import { useInboxes } from "../../settings/queries";
import { isBlank, type DraftContent } from "../localDrafts";
import type { Wrote } from "../presence";
import { AttachButton } from "./AttachButton";
import type { EditorHandle } from "./Editor";
import { enterSends, isBareEnter } from "./enterSends";
import { FileTiles } from "./FileTiles";
import { htmlOf } from "./plainText";
import { RecipientLines } from "./RecipientLines";
import { replyRecipients } from "./recipients";
import { ReplyTo } from "./ReplyTo";
import { SendButton } from "./SendButton";
import { StopBar } from "./StopBar";
import { together } from "./together";
import { useDraft, type SaveState } from "./useDraft";
import { useDropOnPane } from "./useDropOnPane";
import { useFiles } from "./useFiles";
import { useFirstDraft } from "./useFirstDraft";
import { belowText, usePictures } from "./usePictures";
import { useSend, type Way } from "./useSend";
import { valuesOf } from "./variables";

const PAINT_MS = 80;
const Editor = lazy(() => withWords("desk", import("./Editor")));
const VersionsDialog = lazy(() => import("./VersionsDialog"));
const AsItLeaves = lazy(() => import("./AsItLeaves"));

/** Whether R or ⇧R was pressed, and how often. */
type Asked = { all: boolean; n: number };
type WritingProps = {
  conversation: ConversationDetail; messages: Message[]; kind: DraftKind; asked: Asked; seen: number; editor: RefObject<EditorHandle | null>; autoFocus: boolean; onWrote: (wrote: Wrote) => void;
  /** Goes over to the note, with a name in it. */
  onNote: (name: string) => void;
};

/** False for the first picture: what the customer says comes before the tool to answer. */
function usePainted(): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setPainted(true), PAINT_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return painted;
}

export function Writing(props: WritingProps) {
  const first = useFirstDraft(props.conversation, props.kind, props.messages, props.asked.all);
  const painted = usePainted();
  return first && (painted || props.autoFocus) ? <WithDraft {...props} first={first} /> : <div className="editor-box waiting-editor" />;
}

function WithDraft({ conversation, messages, kind, asked, seen, editor, autoFocus, onWrote, onNote, first }: WritingProps & { first: DraftContent }) {
  const draft = useDraft(conversation.id, kind, first);
  const [round, setRound] = useState(0);
  const inboxes = useInboxes();
  const inbox = inboxes.find((each) => each.id === conversation.inbox_id);
  const isChat = conversation.channel === "chat";
  const whom = `${asked.n} ${isChat ? "" : conversation.contact_id}`; // who is the customer may turn out while somebody writes
  const heard = useRef(whom);
  useEffect(() => {
    if (whom === heard.current) return;
    heard.current = whom;
    if (kind === "reply") draft.change({ ...replyRecipients(conversation, messages, inboxes, asked.all), follows: asked.all ? "all" : "one" });
  }, [whom]);
  const byEnter = useMemory(enterSends) && isChat && kind === "reply";
  function clear() {
    draft.clear();
    setRound((n) => n + 1);
  }
  const { agent } = useMe();
  const values = valuesOf({ agent, customer: conversation.contact.name, inbox, number: conversation.number });
  const sender = useSend(conversation, kind, seen, {
    values,
    onSent: () => { clear(); onWrote(null); },
    onBack: (unsent) => { draft.change(together(unsent, draft.now())); setRound((n) => n + 1); },
  });
  const files = useFiles((file) => draft.change({ files: [...draft.content.files, file] }));
  const { content } = draft;
  const pictures = usePictures(content, files.add);
  const ready = !isBlank(content) && files.sending.every((each) => each.wrong) && (kind === "note" || isChat || content.to.length > 0) && !sender.busy;
  const [sleeps, setSleeps] = useState(false);
  const [looksBack, setLooksBack] = useState(false);
  const send = (way: Way) => ready && void sender.send(content, way);
  useCommands([
    { id: "send", label: kind === "reply" ? t("action.send") : t("composer.addNote"), keys: "⌘↵", group: "writing", keyOnly: true, icon: "send", run: () => send({}) },
    { id: "sendClose", label: kind === "reply" ? t("composer.sendClose") : t("composer.addNoteClose"), keys: "⌘⇧↵", group: "writing", keyOnly: true, icon: "check", run: () => send({ close: true }) },
    { id: "sendSnooze", label: kind === "reply" ? t("composer.sendSnooze") : t("composer.addNoteSnooze"), keys: "⌘⌥↵", group: "writing", keyOnly: true, icon: "snooze", run: () => ready && setSleeps(true) },
    { id: "versions", label: t("versions.open"), group: "writing", icon: "clock", run: () => setLooksBack(true) },
  ]);
  function keyed(event: KeyboardEvent) {
    const keys = notation(event.nativeEvent);
    const { target } = event;
    const choosing = target instanceof HTMLElement && target.hasAttribute("aria-activedescendant"); // in a menu at the caret
    const sends = byEnter && !choosing && isBareEnter(event.nativeEvent) && target instanceof HTMLElement && target.isContentEditable;
    if (keys === "Esc" && target instanceof HTMLElement && !choosing) target.blur();
    if (!sends && keys !== "⌘↵" && keys !== "⌘⇧↵" && keys !== "⌘⌥↵") return;
    event.preventDefault();
    event.stopPropagation();
    if (keys === "⌘⌥↵") return setSleeps(ready);
    send({ close: keys === "⌘⇧↵" });
  }
  const box = useRef<HTMLDivElement>(null);
  useDropOnPane(box, files.add);
  const theirs = messages.findLast((message) => message.kind === "inbound") ?? messages.at(-1);
  const language = theirs?.language || languageOf(theirs?.text ?? "");
  return (
    <div ref={box} onKeyDownCapture={keyed}>
      {kind === "reply" && !isChat && (
        <div className="to-whom">
          <RecipientLines value={content} conversation={conversation} messages={messages} onChange={(chosen) => draft.change({ ...chosen, follows: undefined })} />
          <ReplyTo value={content} conversation={conversation} messages={messages} onChange={draft.change} />
        </div>
      )}
      {kind === "reply" && !isChat && <Suppressed compact addresses={[...content.to, ...content.cc, ...content.bcc].map((each) => each.address)} />}
      <Suspense fallback={<div className="editor-box waiting-editor" />}>
        <Editor
          key={round} ref={editor} html={content.html || htmlOf(content.text)} autoFocus={isChat && round > 0 ? true : autoFocus && round === 0} language={language} label={kind === "reply" ? t("composer.text") : t("composer.noteText")}
          placeholder={kind === "reply" ? t("composer.placeholder", { name: givenName(conversation.contact.name || conversation.contact.address) || t("contact.visitor") }) : t("composer.notePlaceholder")} onFiles={files.add}
          desk={{ kind, values, conversationId: conversation.id, onNote }} pictures={kind === "note" || !isChat ? pictures : undefined}
          onChange={(written) => { draft.change(pictures.after(written, draft.now())); onWrote(written.text.trim() ? kind : null); }}
          tools={(format) => (
            <Tools format={format} state={draft.state} onFiles={files.add} onVersions={() => setLooksBack(true)}>
              <SendButton kind={kind} isChat={isChat} ready={ready} busy={sender.busy} onSend={send} sleeps={sleeps} onSleeps={setSleeps} />
            </Tools>
          )}
        />
      </Suspense>
      {kind === "reply" && !isChat && inbox && <Suspense><AsItLeaves conversation={conversation} inbox={inbox} content={content} /></Suspense>}
      <FileTiles files={belowText(content)} sending={files.sending} onRemove={(id) => draft.change({ files: content.files.filter((file) => file.id !== id) })} />
      {isChat && kind === "reply" && content.files.some((file) => file.content_type.startsWith("image/")) && <p className="quiet below-files">{t("composer.picturesBelow")}</p>}
      {looksBack && (
        <Suspense>
          <VersionsDialog
            conversationId={conversation.id} kind={kind} onClose={() => setLooksBack(false)} onShare={draft.share}
            onBring={(content) => { draft.change(content); setRound((n) => n + 1); }}
          />
        </Suspense>
      )}
      {sender.stop && (
        <StopBar
          stop={sender.stop} messages={messages} myId={agent.id} onSend={() => sender.anyway(content)} onEdit={() => { sender.dismiss(); editor.current?.focus(); }}
          onDiscard={() => { sender.dismiss(); clear(); }}
        />
      )}
    </div>
  );
}

type ToolsProps = { format: ReactNode; state: SaveState; onFiles: (files: File[]) => void; onVersions: () => void; children: ReactNode };

function Tools({ format, state, onFiles, onVersions, children }: ToolsProps) {
  const saved = { none: "", saving: "", saved: t("composer.saved"), local: t("composer.savedHere") }[state];
  return (
    <div className="tools">
      {format}
      <AttachButton onFiles={onFiles} />
      <span className="saved"><span role="status">{saved}</span><IconButton small icon="clock" label={t("versions.open")} onClick={onVersions} /></span>
      {children}
    </div>
  );
}
