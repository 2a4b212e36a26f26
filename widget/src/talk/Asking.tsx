import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { Conversation } from "../contract";
import { Refused } from "../core/api";
import { zone } from "../core/who";
import { coming, zoneName } from "../times";
import { Icon } from "../parts/icons";
import { useDesk } from "../parts/desk";

/** After the first message: when an answer will come, and where to send it if nobody is here any more. */
export function Promised({ conversation }: { conversation: Conversation }) {
  const { session, words } = useDesk();
  const { t } = words;
  const { site, visitor, asked } = session.state;
  const now = new Date();
  const at = conversation.promise_at ? new Date(conversation.promise_at) : null;
  const promised = at !== null && at > now && !site.open;
  const ask = site.ask_email && !asked && !visitor?.email;
  const kept = site.mail && visitor?.email && (promised || !visitor.known) && visitor.email;
  if (!promised && !ask) return kept ? <p class="kept" role="status">{t("email.kept", { email: kept })}</p> : null;
  return (
    <div class="promise">
      {promised && (
        <div class="promise-a">
          <Icon name="clock" />
          <p>
            <b>{t("promise", { time: coming(words, at, now) })}</b>
            {t("promise.zone", { zone: zoneName(words, zone(), now) })}
            {site.opens_at && ` ${t("promise.opens", { time: coming(words, new Date(site.opens_at), now) })}`}
          </p>
        </div>
      )}
      {ask ? (
        <div class="promise-b">
          <Address label={t(promised ? "email.where" : "email.away")} hint={t("email.why")} save={t("save")} send={(email) => session.setEmail(email)} />
          <button class="btn-text skip" onClick={() => session.answered()}>{t("email.skip")}</button>
        </div>
      ) : kept && <p class="promise-b hint">{t("email.kept", { email: kept })}</p>}
    </div>
  );
}

/** One field for an address, checked as a browser checks it and again by the server. */
export function Address({ label, hint, save, send, children }: { label: string; hint?: string; save: string; send(email: string): Promise<void>; children?: ComponentChildren }) {
  const { session, words: { t } } = useDesk();
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  async function submit(event: Event) {
    event.preventDefault();
    const email = field.current!.value.trim();
    if (!/^\S+@[^\s@]+\.[^\s@]{2,}$/.test(email)) {
      setWrong(t("email.wrong"));
      return field.current!.focus();
    }
    setBusy(true);
    try {
      await send(email);
    } catch (error) {
      session.told(error);
      setWrong(error instanceof Refused && error.status === 429 ? t("transcript.limit") : (error instanceof Refused && error.message) || t("wrong"));
    }
    setBusy(false);
  }
  return (
    <form noValidate onSubmit={submit}>
      <label class="label" for={id}>{label}</label>
      {hint && <p class="hint" id={`${id}h`}>{hint}</p>}
      <div class="inrow">
        <input
          ref={field} id={id} class="input" type="email" dir="ltr" placeholder={t("email.hint")} autocomplete="email" aria-invalid={!!wrong}
          aria-describedby={wrong ? `${id}e` : hint && `${id}h`} onInput={() => setWrong("")}
        />
        <button class="btn" disabled={busy}>{save}</button>
      </div>
      {wrong && <p class="err" id={`${id}e`} role="alert"><Icon name="alert" small />{wrong}</p>}
      {children}
    </form>
  );
}
