import { Icon } from "@rapport/ui";
import { useEffect, useState } from "react";
import { away, queue } from "../../client/queue";
import { t } from "../../i18n";
import { liveState } from "../live";
import { useMemory } from "../memory";

const PATIENCE_MS = 3000;

/** Says that the server is not heard, and what waits for it, but only after three seconds: most gaps are shorter. */
export function OfflineStrip() {
  const lost = useMemory(liveState) !== "open";
  const waits = useMemory(queue).filter((command) => !command.held && command.about["type"] !== "read").length;
  const unsent = useMemory(away) && waits > 0;
  const quiet = lost || unsent;
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!quiet) return setLate(false);
    const timer = window.setTimeout(() => setLate(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [quiet]);
  if (!late) return null;
  return (
    <div className="offline" role="status">
      <Icon name="alert" />
      <span>{lost && t("frame.offline")} {unsent && t("frame.waits", { n: waits })}</span>
    </div>
  );
}
