import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { showToast } from "@rapport/ui";
import { account } from "../account/queries";
import { messageOf } from "../client/problem";
import { queue, readSending } from "../client/queue";
import { t } from "../i18n";
import { forgetLocalDrafts } from "../conversation/localDrafts";
import { forgetKept } from "./kept";

/** Ends the session and forgets everything this browser has kept. */
export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  async function signOut(unsent = false) {
    if (!unsent && (await waitsAfterTrying())) {
      return void showToast({ text: t("signOut.waits"), sub: t("signOut.waits.why"), action: { label: t("signOut.anyway"), run: () => void signOut(true) } });
    }
    try {
      await account.signOut();
    } catch (error) {
      showToast({ text: messageOf(error) });
      return;
    }
    forgetLocalDrafts();
    await Promise.all([forgetKept(), (await readSending()).forgetCommands()]);
    await navigate({ to: "/sign-in" });
    client.clear();
  }
  return () => void signOut();
}

const PATIENCE_MS = 3000;

/** Whether something of this person's work has not reached the server, though it was tried once more. */
async function waitsAfterTrying(): Promise<boolean> {
  if (queue.get().length === 0) return false;
  const { wake } = await readSending();
  await Promise.race([wake(), new Promise((resolve) => window.setTimeout(resolve, PATIENCE_MS))]);
  return queue.get().length > 0;
}
