import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../parts/desk";
import { Icon } from "../parts/icons";
import { Emoji } from "./Emoji";
import { Chips, Files } from "./Files";

const LONGEST = 10_000;
const TYPING_EVERY = 3_000;

export function Composer({ conversation, say }: { conversation: number | string; say(text: string): void }) {
  const { session, words: { t }, draft, keepDraft } = useDesk();
  const { site } = session.state;
  const [text, setText] = useState(() => draft(conversation));
  const [emoji, setEmoji] = useState(false);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const files = useRef<Files | null>(null);
  const [, draw] = useState(0);
  const typed = useRef(0);
  const left = LONGEST - text.length;
  const chosen = files.current?.list ?? [];
  const ready = (text.trim() !== "" || chosen.length > 0) && left >= 0 && !busy;

  const change = (next: string) => {
    setText(next);
    keepDraft(conversation, next);
    if (typeof conversation !== "number") return;
    const now = Date.now();
    if (next && now - typed.current > TYPING_EVERY) {
      typed.current = now;
      session.typing(conversation, true);
    }
  };
  function attach(list: FileList | null) {
    files.current ??= new Files(session, () => draw((n) => n + 1), (word, values) => say(t(word, values)));
    files.current.add([...(list ?? [])]);
  }
  const stopTyping = () => {
    if (typed.current && typeof conversation === "number") session.typing(conversation, false);
    typed.current = 0;
  };
  useEffect(() => stopTyping, []);
  useEffect(() => {
    // Grows with its words, to a third of the panel.
    const area = box.current!;
    area.style.blockSize = "auto";
    area.style.blockSize = `${Math.min(160, area.scrollHeight)}px`;
  }, [text]);
  // Words that came from elsewhere: open(text), or a session that ended. Read with `text`, at one moment: by the time the
  // effect runs the draft may have gone along to another conversation, and looks as if it had been emptied.
  const given = draft(conversation);
  useEffect(() => {
    if (given !== text) setText(given);
  }, [given]);

  async function send(event?: Event) {
    event?.preventDefault();
    if (!ready) return;
    setBusy(true);
    const attachments = files.current ? await files.current.ready() : [];
    setBusy(false);
    if (!attachments) return;
    session.say(conversation, text.trim(), attachments);
    files.current?.clear();
    stopTyping();
    // What was typed while the files went up is the beginning of the next message.
    const typedMeanwhile = box.current?.value ?? text;
    const rest = typedMeanwhile === text ? "" : typedMeanwhile.startsWith(text) ? typedMeanwhile.slice(text.length).trimStart() : typedMeanwhile;
    setText(rest);
    keepDraft(conversation, rest);
    box.current?.focus();
  }
  function key(event: KeyboardEvent) {
    // While a Korean syllable is being put together, Enter ends the syllable.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    void send(event);
  }
  function insert(letter: string) {
    const area = box.current!;
    const at = area.selectionStart ?? text.length;
    change(text.slice(0, at) + letter + text.slice(area.selectionEnd ?? at));
    setEmoji(false);
    area.focus();
    requestAnimationFrame(() => area.setSelectionRange(at + letter.length, at + letter.length));
  }
  const closeEmoji = () => {
    setEmoji(false);
    box.current?.focus();
  };
  return (
    <div class="foot">
      {emoji && <Emoji choose={insert} close={closeEmoji} />}
      {chosen.length > 0 && <Chips files={files.current!} />}
      {left < 500 && <p class={left < 0 ? "count bad" : "count"} role="status">{left < 0 ? t("over", { n: -left }) : t("left", { n: left })}</p>}
      <form class="comp" onSubmit={send}>
        {site.files && (
          <>
            <input ref={picker} type="file" multiple hidden onChange={(event) => { attach(event.currentTarget.files); event.currentTarget.value = ""; }} />
            <button class="ib" type="button" aria-label={t("attach")} onClick={() => picker.current?.click()}><Icon name="clip" /></button>
          </>
        )}
        <textarea
          class="input" ref={box} rows={1} dir="auto" aria-label={t("write")} placeholder={t("write")} enterkeyhint="send" value={text} data-first data-write
          onInput={(event) => change(event.currentTarget.value)} onKeyDown={key} onBlur={stopTyping}
          onPaste={(event) => { const pasted = event.clipboardData?.files; if (site.files && pasted?.length) { event.preventDefault(); attach(pasted); } }}
        />
        <button class="ib" type="button" aria-label={t("emoji")} aria-expanded={emoji} onClick={() => setEmoji(!emoji)}><Icon name="smile" /></button>
        <button class={ready ? "ib send" : "ib send idle"} aria-label={t("send")} aria-disabled={!ready}><Icon name="send" /></button>
      </form>
    </div>
  );
}
