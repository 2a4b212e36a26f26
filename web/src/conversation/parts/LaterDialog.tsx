import { Button, Dialog, TextField } from "@rapport/ui";
import { useState } from "react";
import { useMe } from "../../account/people";
import { t } from "../../i18n";
import { localIn, zoned } from "../schedule";

/** A day and a time on the clock of the person. */
export default function LaterDialog({ at, onClose, onPick }: { at: Date; onClose: () => void; onPick: (at: Date) => void }) {
  const zone = useMe().agent.time_zone || "UTC";
  const [local, setLocal] = useState(() => localIn(at, zone));
  const chosen = local ? zoned(local, zone) : null;
  const wrong = chosen && chosen.getTime() < Date.now() ? t("later.past") : null;
  return (
    <Dialog
      title={t("later.title")} closeLabel={t("action.close")} onClose={onClose} enterSends
      foot={<Button look="primary" disabled={!chosen || wrong !== null} onClick={() => chosen && onPick(chosen)}>{t("later.pick")}</Button>}
    >
      <TextField label={t("later.when")} hint={t("later.zone", { zone })} type="datetime-local" required value={local} wrong={wrong} onChange={(event) => setLocal(event.target.value)} />
    </Dialog>
  );
}
