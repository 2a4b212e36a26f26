import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { accountLive } from "../account/live";
import { useMe } from "../account/people";
import { Live, type LiveState } from "../client/live";
import { contactLive } from "../contact/live";
import { conversationLive } from "../conversation/live";
import { settingsLive } from "../settings/live";
import { memory } from "./memory";

export const liveState = memory<LiveState>("connecting");

/** Keeps what is on screen true: every frame goes to every room, and each knows which of its keys it touches. */
export function useLive() {
  const client = useQueryClient();
  const { agent: { id: myId }, cursor } = useMe();
  const from = useRef(cursor);
  useEffect(() => {
    const live = new Live((frame) => {
      accountLive(frame, client);
      contactLive(frame, client);
      conversationLive(frame, client, myId);
      settingsLive(frame, client);
    }, liveState.set, from.current);
    live.start();
    return () => live.stop();
  }, [client, myId]);
}
