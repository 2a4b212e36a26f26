import { useState } from "preact/hooks";
import type { Attachment, Message } from "../contract";
import type { Unsent } from "../core/keep";
import { Html } from "./Html";
import { Text } from "./text";
import { clock } from "../times";
import { Face } from "../parts/Face";
import { Icon } from "../parts/icons";
import { useDesk } from "../parts/desk";

/** Whether a message belongs to the group of the one before it: the same author, within five minutes. */
export function joins(a: Message | undefined, b: Message | undefined): boolean {
  return !!a && !!b && a.author.kind === b.author.kind && a.author.name === b.author.name && Date.parse(b.created_at) - Date.parse(a.created_at) < 300_000;
}

export function Bubble({ message, before, after, label }: { message: Message; before: Message | undefined; after: Message | undefined; label: "seen" | "delivered" | "mailed" | null }) {
  const { session, words } = useDesk();
  const { author, text, html, attachments, created_at } = message;
  const at = new Date(created_at);
  if (author.kind === "system") return <p class="event"><span dir="auto">{text}</span></p>;
  const mine = author.kind === "visitor";
  const same = joins(before, message);
  const last = !joins(message, after);
  const name = author.name || session.state.site.name;
  const only = !text && attachments.length > 0;
  return (
    <div data-id={message.id} class={`m${mine ? " me" : ""}${same ? " same" : ""}${last ? " last" : ""}`} title={at.toLocaleString(words.locale)}>
      {!mine && <Face of={author} bot={author.kind === "bot"} />}
      <div class="bs">
        <span class="vh">{mine ? words.t("you") : name} {clock(words, at)}:</span>
        {!only && <div class={html ? "b rich" : "b"} dir="auto">{html ? <Html html={html} /> : <Text text={text} />}</div>}
        {attachments.map((each) => <File key={each.id} file={each} />)}
        {!mine && last && <p class="state"><span aria-hidden="true"><bdi>{name}</bdi> · <bdi>{clock(words, at)}</bdi></span>{label === "mailed" && <span>{words.t(label)}</span>}</p>}
      </div>
      {label && label !== "mailed" && <p class="state"><Icon name={label === "seen" ? "checks" : "check"} />{words.t(label)} <bdi>{clock(words, at)}</bdi></p>}
    </div>
  );
}

/** Words that the server does not have yet. */
export function Waiting({ message, late, sending }: { message: Unsent; late: boolean; sending: boolean }) {
  const { session, words: { t } } = useDesk();
  const failed = message.refused !== undefined || late;
  return (
    <>
      <div class={failed ? "m me failed" : "m me waiting"}>
        <div class="bs">
          <span class="vh">{t("you")}:</span>
          {message.text && <div class="b" dir="auto"><Text text={message.text} /></div>}
          {message.attachments.map((each) => <span class="file" key={each.id}><Icon name="doc" /><span>{each.name}</span></span>)}
        </div>
        {!failed && <p class="state"><Icon name="clock" />{t(sending ? "sending" : "waiting")}</p>}
      </div>
      {failed && (
        <div class="fail" role="alert">
          <Icon name="alert" small />{t("failed")}
          <button class="btn-text go" onClick={() => session.retry(message.client_id)}>{t("retry")}</button>
          <button class="btn-text" onClick={() => session.discard(message.client_id)}>{t("delete")}</button>
          {message.refused && <small dir="auto">{message.refused}</small>}
        </div>
      )}
    </>
  );
}

export const isPicture = (type: string) => /^image\/(png|jpe?g|gif|webp|avif)$/.test(type);

function File({ file }: { file: Attachment }) {
  const { words: { t, locale } } = useDesk();
  const [broken, setBroken] = useState(false);
  if (file.url && isPicture(file.content_type) && !broken) {
    return (
      <a class="pic" href={file.url} target="_blank" rel="noopener nofollow" aria-label={t("image", { name: file.name })}>
        <img src={file.url} alt={file.name} loading="lazy" onError={() => setBroken(true)} />
      </a>
    );
  }
  return (
    <a class="file" href={file.url} target="_blank" rel="noopener nofollow" aria-label={t("file", { name: file.name })}>
      <Icon name="doc" /><span><bdi>{file.name}</bdi><small>{sized(file.size, locale)}</small></span>
    </a>
  );
}

export function sized(bytes: number, locale: string): string {
  const [n, unit] = bytes < 1e6 ? [Math.max(1, Math.round(bytes / 1e3)), "kilobyte"] : [Math.round(bytes / 1e5) / 10, "megabyte"];
  return new Intl.NumberFormat(locale, { style: "unit", unit: unit as string }).format(n as number);
}
