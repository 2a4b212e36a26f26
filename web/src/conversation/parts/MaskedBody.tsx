import { useMutation } from "@tanstack/react-query";
import { Banner, Button } from "@rapport/ui";
import { useCan } from "../../account/people";
import { api } from "../../client/fetch";
import type { Message, Revealed } from "../../client/nouns";
import { messageOf } from "../../client/problem";
import { t } from "../../i18n";
import { languageOf } from "../../i18n/language";
import { Attachments } from "./Attachments";
import { WrittenText } from "./WrittenText";

type Masked = NonNullable<Message["masked"]>;

/** In place of words by which a stranger could act as the company: what they are, why they are hidden, and for whoever may, the way to read them. */
export default function MaskedBody({ message, masked, conversationId }: { message: Message; masked: Masked; conversationId: number }) {
  const mayReveal = useCan("message.reveal");
  const reveal = useMutation({ mutationFn: () => api.post<Revealed>(`/conversations/${conversationId}/messages/${message.id}/reveal`, {}), meta: { quiet: true } });
  const action = reveal.data
    ? <Button size="compact" onClick={() => reveal.reset()}>{t("masked.hide")}</Button>
    : mayReveal && <Button size="compact" busy={reveal.isPending} onClick={() => reveal.mutate()}>{t("masked.reveal")}</Button>;
  return (
    <>
      <Banner icon="lock" action={action}>
        {reveal.data ? t("masked.shown") : (
          <>
            <b>{t(`masked.${masked.kind}`, { who: masked.provider || masked.domain })}</b> {t("masked.why", { domain: masked.domain, phrase: masked.phrase })}{" "}
            {mayReveal ? t("masked.seen") : t("masked.ask")}
          </>
        )}
      </Banner>
      {reveal.error && <p role="alert">{messageOf(reveal.error)}</p>}
      {reveal.data && <Words words={reveal.data} />}
    </>
  );
}

function Words({ words }: { words: Revealed }) {
  const links = words.links.filter((address) => !words.text.includes(address));
  return (
    <div className="revealed">
      <p className="written" dir="auto"><b>{words.subject}</b></p>
      <WrittenText text={words.text} language={languageOf(words.text)} />
      {links.length > 0 && <WrittenText text={[t("masked.links"), ...links].join("\n")} />}
      <Attachments attachments={words.attachments} />
    </div>
  );
}
