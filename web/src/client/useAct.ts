import { showToast } from "@rapport/ui";
import { useState } from "react";
import { messageOf } from "./problem";

/** For a row of buttons: whether what was pressed is under way, and what goes wrong is said. */
export function useAct(): [busy: boolean, act: (run: () => Promise<unknown>) => Promise<void>] {
  const [busy, setBusy] = useState(false);
  async function act(run: () => Promise<unknown>) {
    setBusy(true);
    try {
      await run();
    } catch (error) {
      showToast({ text: messageOf(error) });
    } finally {
      setBusy(false);
    }
  }
  return [busy, act];
}
