import { Button, IconButton, Menu, MenuHead, MenuItem, MenuLine } from "@rapport/ui";
import { lazy, Suspense, useState } from "react";
import { useMe } from "../../account/people";
import { shownKeys } from "../../app/keys";
import { useMemory } from "../../app/memory";
import type { DraftKind } from "../../client/nouns";
import { t } from "../../i18n";
import { until } from "../../i18n/dates";
import { scheduleChoices } from "../schedule";
import { enterSends } from "./enterSends";
import { SnoozeAfter } from "./SnoozeAfter";
import type { Way } from "./useSend";

const AFTER_MENU_MS = 50; // the menu gives the focus back as it closes
const LaterDialog = lazy(() => import("../parts/LaterDialog"));

type SendProps = { kind: DraftKind; isChat: boolean; ready: boolean; busy: boolean; onSend: (way: Way) => void; sleeps: boolean; onSleeps: (open: boolean) => void };

/** The one filled button of the pane, and beside it the other way to send. */
export function SendButton({ kind, isChat, ready, busy, onSend, sleeps, onSleeps }: SendProps) {
  const words = kind === "reply" ? t("action.send") : t("composer.addNote");
  const zone = useMe().agent.time_zone || "UTC";
  const [asks, setAsks] = useState(false);
  const mail = kind === "reply" && !isChat;
  const byEnter = useMemory(enterSends) && isChat && kind === "reply";
  return (
    <span className="split">
      <Button look="primary" keys={shownKeys(byEnter ? "↵" : "⌘↵")} disabled={!ready} busy={busy} onClick={() => onSend({})}>{words}</Button>
      <Menu side="top" trigger={<IconButton className="button primary" icon="down" label={t("composer.otherWays")} disabled={!ready && !isChat} />}>
        <MenuItem icon="check" keys={shownKeys("⌘⇧↵")} disabled={!ready} onSelect={() => onSend({ close: true })}>{kind === "reply" ? t("composer.sendClose") : t("composer.addNoteClose")}</MenuItem>
        <MenuItem icon="snooze" keys={shownKeys("⌘⌥↵")} disabled={!ready} onSelect={() => window.setTimeout(() => onSleeps(true), AFTER_MENU_MS)}>{kind === "reply" ? t("composer.sendSnooze") : t("composer.addNoteSnooze")}</MenuItem>
        {mail && (
          <>
            <MenuLine />
            <MenuHead>{t("later.menu")}</MenuHead>
            {scheduleChoices(new Date(), zone).map(({ key, at }) => <MenuItem key={key} icon="clock" disabled={!ready} onSelect={() => onSend({ at })}>{t(`later.${key}`, { time: until(at.toISOString()) })}</MenuItem>)}
            <MenuItem icon="edit" disabled={!ready} onSelect={() => setAsks(true)}>{t("later.choose")}</MenuItem>
          </>
        )}
        {isChat && kind === "reply" && (
          <>
            <MenuLine />
            <MenuItem icon="keyboard" onSelect={() => enterSends.set((on) => !on)}>{t(byEnter ? "composer.enterBreaks" : "composer.enterSends")}</MenuItem>
          </>
        )}
      </Menu>
      <SnoozeAfter open={sleeps} onOpen={onSleeps} onPick={(snooze) => onSend({ snooze })} />
      {asks && <Suspense><LaterDialog at={scheduleChoices(new Date(), zone)[0]!.at} onClose={() => setAsks(false)} onPick={(at) => { setAsks(false); onSend({ at }); }} /></Suspense>}
    </span>
  );
}
