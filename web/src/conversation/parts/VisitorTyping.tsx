import { useEffect, useRef, useState } from "react";
import type { ConversationDetail } from "../../client/nouns";
import { t } from "../../i18n";
import { givenName } from "../../i18n/names";

const SAY_AGAIN_MS = 10_000;

/** "is typing…" below the last message, where it moves nothing. It is read out at most once in ten seconds. */
export function VisitorTyping({ conversation }: { conversation: ConversationDetail }) {
  const typing = conversation.chat?.typing ?? false;
  const words = t("visitor.typing", { name: givenName(conversation.contact.name) || t("contact.visitor") });
  const told = useTold(typing);
  return (
    <div className="visitor-typing">
      {typing && <span aria-hidden="true"><i className="dots"><i /><i /><i /></i>{words}</span>}
      <span className="only-read" role="status">{told ? words : ""}</span>
    </div>
  );
}

/** True while it should stand where screen readers look; what begins again soon is not told again. */
function useTold(typing: boolean): boolean {
  const [told, setTold] = useState(false);
  const lastTold = useRef(-Infinity);
  useEffect(() => {
    if (!typing) return setTold(false);
    if (performance.now() - lastTold.current < SAY_AGAIN_MS) return;
    lastTold.current = performance.now();
    setTold(true);
  }, [typing]);
  return told;
}
