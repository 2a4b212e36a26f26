import { Icon } from "@rapport/ui";
import { useEffect, useState } from "react";
import { t } from "../../i18n";
import { liveState } from "../live";
import { useMemory } from "../memory";

const PATIENCE_MS = 3000;

/** Says that the server is not heard, but only after three seconds: most gaps are shorter. */
export function OfflineStrip() {
  const state = useMemory(liveState);
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (state === "open") return setLate(false);
    const timer = window.setTimeout(() => setLate(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [state]);
  if (!late) return null;
  return (
    <div className="offline" role="status">
      <Icon name="alert" />
      {t("frame.offline")}
    </div>
  );
}
