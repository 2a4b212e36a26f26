import { Icon } from "@rapport/ui";
import { useEffect, useRef, useState } from "react";
import { useMemory } from "../../app/memory";
import { shownTheme } from "../../app/theme";
import { pathOf } from "../../client/fetch";
import type { Message } from "../../client/nouns";
import { t } from "../../i18n";
import { dressFrame, foldQuote, hideForeignImages, keepHeight, markNames } from "../mailFrame";

type MailFrameProps = { conversationId: number; message: Message; language: string | undefined; showsQuote: boolean; /** Whose mentions are marked. */ names?: string[]; onQuote?: (hasQuote: boolean) => void };

/**
 * Mail HTML in a frame without scripts: the server's policy and the sandbox forbid them both. The frame keeps our origin
 * so that the page can measure it and dress it; with no script inside, nobody inside can use that.
 */
export function MailFrame({ conversationId, message, language, showsQuote, names, onQuote }: MailFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [images, setImages] = useState(false);
  const [blocked, setBlocked] = useState(false);
  const [loads, setLoads] = useState(0);
  const look = useMemory(shownTheme);

  useEffect(() => {
    const inside = frame.current?.contentDocument;
    if (!loads || !inside?.body) return;
    dressFrame(frame.current!, language);
    if (names) markNames(inside, names);
    const hasQuote = foldQuote(inside, !showsQuote, message.reply_text);
    onQuote?.(hasQuote);
    setBlocked(!images && hideForeignImages(inside));
    return keepHeight(frame.current!);
  }, [loads, language, showsQuote, images, look, onQuote, message.reply_text]);

  return (
    <>
      {blocked && (
        <p className="images-off">
          <Icon name="eye" size={12} />
          {t("message.imagesOff")}
          <button type="button" className="link" onClick={() => setImages(true)}>{t("message.showImages")}</button>
        </p>
      )}
      <iframe
        ref={frame} className="mail-frame" title={t("message.by", { name: message.author.name || message.author.address })} loading="lazy"
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerPolicy="no-referrer"
        src={pathOf(`/conversations/${conversationId}/messages/${message.id}/html`, images ? { images: 1 } : {})} onLoad={() => setLoads((n) => n + 1)}
      />
    </>
  );
}
