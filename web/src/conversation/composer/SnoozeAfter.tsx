import { Picker, type Choice } from "@rapport/ui";
import { t } from "../../i18n";
import { until } from "../../i18n/dates";
import { snoozeChoices, UNTIL_REPLY } from "../snooze";

type SnoozeProps = { open: boolean; onOpen: (open: boolean) => void; onPick: (at: Date) => void };

/** Until when a conversation sleeps once the message is sent: the moments of the snooze picker. */
export function SnoozeAfter({ open, onOpen, onPick }: SnoozeProps) {
  const choices: Choice[] = snoozeChoices(new Date()).map(({ key, at }) => ({ value: at.toISOString(), label: t(`snooze.${key}`), sub: until(at.toISOString()) }));
  choices.push({ value: UNTIL_REPLY, label: t("snooze.untilReply") });
  return (
    <Picker
      label={t("composer.sendSnooze")} placeholder={t("picker.type")} nothing={t("picker.nothing")} choices={choices} open={open} onOpen={onOpen} onPick={(value) => onPick(new Date(value))}
      trigger={<button type="button" className="picker-anchor" tabIndex={-1} aria-label={t("composer.sendSnooze")} />}
    />
  );
}
