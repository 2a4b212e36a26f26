import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { Me } from "../client/nouns";
import { currentLanguage } from "../i18n";
import { account, accountKeys } from "./queries";

/** Goes inside as the person the server has just named. */
export function useEnter() {
  const client = useQueryClient();
  const router = useRouter();
  return async (me: Me, next = "/") => {
    client.setQueryData(accountKeys.me, me);
    const path = next.startsWith("/") && !next.startsWith("//") ? next : "/";
    router.history.push(path);
  };
}

/** As useEnter, for somebody new: the profile begins with the language and the zone of the browser. */
export function useEnterNew() {
  const enter = useEnter();
  return async (me: Me) => {
    const here = { language: currentLanguage(), time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
    await enter(await account.change(here).catch(() => me));
  };
}
