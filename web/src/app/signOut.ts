import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { showToast } from "@rapport/ui";
import { account } from "../account/queries";
import { messageOf } from "../client/problem";
import { forgetLocalDrafts } from "../conversation/localDrafts";

/** Ends the session and forgets everything this browser has kept. */
export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await account.signOut();
    } catch (error) {
      showToast({ text: messageOf(error) });
      return;
    }
    forgetLocalDrafts();
    await navigate({ to: "/sign-in" });
    client.clear();
  };
}
