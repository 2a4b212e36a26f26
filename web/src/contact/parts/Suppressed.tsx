import { Button, Icon } from "@rapport/ui";
import { useCan } from "../../account/people";
import type { Suppression } from "../../client/nouns";
import { t } from "../../i18n";
import { shortDay } from "../../i18n/dates";
import { useLiftSuppression, useSuppressions } from "../suppressions";

/** Warns of addresses that mail does not reach or is not wanted at, in the server's own words, and lets a teammate take the mark away. */
export function Suppressed({ addresses, compact = false }: { addresses: string[]; compact?: boolean }) {
  const marks = useSuppressions(addresses);
  return marks.map((mark) => <Mark key={mark.address} mark={mark} compact={compact} />);
}

function Mark({ mark, compact }: { mark: Suppression; compact: boolean }) {
  const mayEdit = useCan("contact.edit");
  const lift = useLiftSuppression();
  return (
    <div className={compact ? "suppressed compact" : "suppressed"} role="status" title={compact ? t("suppressed.why") : undefined}>
      <Icon name="bounce" />
      <div>
        <b dir="auto">{t(`suppressed.${mark.cause}`, { address: mark.address, date: shortDay(mark.at) })}</b>
        {mark.reason && <span className="words" dir="auto">{mark.reason}</span>}
        {!compact && <span>{t("suppressed.why")}</span>}
        {!compact && mayEdit && <Button look="on-tint" size="compact" busy={lift.isPending} onClick={() => lift.mutate(mark.address)}>{t("suppressed.lift")}</Button>}
      </div>
    </div>
  );
}
