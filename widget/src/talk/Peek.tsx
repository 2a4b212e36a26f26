import type { Conversation } from "../contract";
import { Face } from "../parts/Face";
import { Icon } from "../parts/icons";
import { useDesk } from "../parts/desk";

/** A reply while the panel is closed: one quiet card beside the launcher, once. */
export function Peek({ conversation, open, dismiss }: { conversation: Conversation; open(): void; dismiss(): void }) {
  const { session, words: { t } } = useDesk();
  const last = conversation.last!;
  return (
    <div class="peek" role="status">
      <button class="peek-b" onClick={open}>
        <Face of={last.author} bot={last.author.kind === "bot"} />
        <span><b dir="auto">{last.author.name || session.state.site.name}</b><span class="peek-t" dir="auto">{last.text}</span></span>
      </button>
      <button class="ib" aria-label={t("dismiss")} onClick={dismiss}><Icon name="x" small /></button>
    </div>
  );
}
