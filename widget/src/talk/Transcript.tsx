import { useEffect, useRef } from "preact/hooks";
import { Refused } from "../core/api";
import { Address } from "./Asking";
import { useDesk } from "../parts/desk";

/** The transcript: to the address we know, or to one that is asked for. */
export function Transcript({ id, done }: { id: number; done(said: string): void }) {
  const { session, words: { t } } = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const email = session.state.visitor?.email;
  useEffect(() => (box.current?.querySelector("input,button") as HTMLElement | null)?.focus(), []);
  const send = async (to?: string) => {
    await session.transcript(id, to);
    done(t("transcript.done", { email: to ?? email ?? "" }));
  };
  const known = () => send().catch((error: unknown) => {
    session.told(error);
    done(error instanceof Refused && error.status === 429 ? t("transcript.limit") : t("wrong"));
  });
  return (
    <div class="ask" ref={box} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); done(""); } }}>
      {email ? (
        <>
          <p>{t("transcript.to", { email })}</p>
          <p class="two"><button class="btn" onClick={known}>{t("send")}</button><button class="btn btn-line" onClick={() => done("")}>{t("cancel")}</button></p>
        </>
      ) : (
        <Address label={t("transcript.where")} hint={t("email.why")} save={t("send")} send={send}>
          <button type="button" class="btn-text skip" onClick={() => done("")}>{t("cancel")}</button>
        </Address>
      )}
    </div>
  );
}
