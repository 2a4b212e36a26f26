import { Button, IconButton, Menu, MenuItem, MenuLine } from "@rapport/ui";
import { shownKeys } from "../../app/keys";
import { useMemory } from "../../app/memory";
import type { DraftKind } from "../../client/nouns";
import { t } from "../../i18n";
import { enterSends } from "./enterSends";

type SendProps = { kind: DraftKind; isChat: boolean; ready: boolean; busy: boolean; onSend: (close: boolean) => void };

/** The one filled button of the pane, and beside it the other way to send. */
export function SendButton({ kind, isChat, ready, busy, onSend }: SendProps) {
  const words = kind === "reply" ? t("action.send") : t("composer.addNote");
  const byEnter = useMemory(enterSends) && isChat && kind === "reply";
  return (
    <span className="split">
      <Button look="primary" keys={shownKeys(byEnter ? "↵" : "⌘↵")} disabled={!ready} busy={busy} onClick={() => onSend(false)}>{words}</Button>
      <Menu side="top" trigger={<IconButton className="button primary" icon="down" label={t("composer.otherWays")} disabled={!ready && !isChat} />}>
        <MenuItem icon="check" keys={shownKeys("⌘⇧↵")} disabled={!ready} onSelect={() => onSend(true)}>{kind === "reply" ? t("composer.sendClose") : t("composer.addNoteClose")}</MenuItem>
        {isChat && kind === "reply" && (
          <>
            <MenuLine />
            <MenuItem icon="keyboard" onSelect={() => enterSends.set((on) => !on)}>{t(byEnter ? "composer.enterBreaks" : "composer.enterSends")}</MenuItem>
          </>
        )}
      </Menu>
    </span>
  );
}
