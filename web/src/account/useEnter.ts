import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { Me } from "../client/types";
import { accountKeys } from "./queries";

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
