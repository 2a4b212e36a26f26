import { Button, Icon } from "@rapport/ui";
import { useCan } from "../../account/people";
import type { Suppression } from "../../client/nouns";
import { t } from "../../i18n";
import { shortDay } from "../../i18n/dates";
import { useLiftSuppression, useSuppressions } from "../suppressions";

/**
 * Warns of addresses that mail does not reach or is not wanted at, in the server's own words, and lets a teammate take the mark away.
 * Who only wants no news is written to as anybody else: above a composer that is no concern.
 */
export function Suppressed({ addresses, compact = false }: { addresses: string[]; compact?: boolean }) {
  const marks = useSuppressions(addresses).filter((mark) => !compact || mark.cause !== "news");
  return marks.map((mark) => <Mark key={`${mark.address} ${mark.cause}`} mark={mark} compact={compact} />);
}

function Mark({ mark, compact }: { mark: Suppression; compact: boolean }) {
  const mayEdit = useCan("contact.edit");
  const lift = useLiftSuppression();
  const news = mark.cause === "news";
  return (
    <div className={["suppressed", compact && "compact", news && "quiet"].filter(Boolean).join(" ")} role="status" title={compact ? t("suppressed.why") : undefined}>
      <Icon name={news ? "ban" : "bounce"} />
      <div>
        <b dir="auto">{t(`suppressed.${mark.cause}`, { address: mark.address, date: shortDay(mark.at) })}</b>
        {mark.reason && <span className="words" dir="auto">{mark.reason}</span>}
        {!compact && <span>{t(news ? "suppressed.news.why" : "suppressed.why")}</span>}
        {!compact && mayEdit && <Button look="on-tint" size="compact" busy={lift.isPending} onClick={() => lift.mutate(mark)}>{t(news ? "suppressed.news.lift" : "suppressed.lift")}</Button>}
      </div>
    </div>
  );
}
