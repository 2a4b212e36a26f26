import { Button, IconButton, Menu, MenuItem } from "@rapport/ui";
import { shownKeys } from "../../app/keys";
import type { DraftKind } from "../../client/nouns";
import { t } from "../../i18n";

type SendProps = { kind: DraftKind; ready: boolean; busy: boolean; onSend: (close: boolean) => void };

/** The one filled button of the pane, and beside it the other way to send. */
export function SendButton({ kind, ready, busy, onSend }: SendProps) {
  const words = kind === "reply" ? t("action.send") : t("composer.addNote");
  return (
    <span className="split">
      <Button look="primary" keys={shownKeys("⌘↵")} disabled={!ready} busy={busy} onClick={() => onSend(false)}>{words}</Button>
      <Menu side="top" trigger={<IconButton className="button primary" icon="down" label={t("composer.otherWays")} disabled={!ready} />}>
        <MenuItem icon="check" keys={shownKeys("⌘⇧↵")} onSelect={() => onSend(true)}>{kind === "reply" ? t("composer.sendClose") : t("composer.addNoteClose")}</MenuItem>
      </Menu>
    </span>
  );
}
