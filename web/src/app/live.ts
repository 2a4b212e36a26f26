import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { accountLive } from "../account/live";
import { useMe } from "../account/people";
import { automationLive } from "../automation/live";
import { Live, type LiveState } from "../client/live";
import { queue, readSending } from "../client/queue";
import { contactLive } from "../contact/live";
import { conversationLive } from "../conversation/live";
import { notificationLive } from "../notification/unseen";
import { settingsLive } from "../settings/live";
import { place } from "./kept";
import { memory } from "./memory";

export const liveState = memory<LiveState>("connecting");

/** Once the server is heard, what waits for it goes out, and what could not be read is asked for again. */
function useHeard() {
  const client = useQueryClient();
  return (state: LiveState) => {
    liveState.set(state);
    if (state !== "open") return;
    if (queue.get().length > 0) void readSending().then(({ wake }) => wake());
    void client.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" });
  };
}

/** Keeps what is on screen true: every frame goes to every room, and each knows which of its keys it touches. */
export function useLive() {
  const client = useQueryClient();
  const { agent: { id: myId }, cursor } = useMe();
  const from = useRef(place.kept || cursor);
  const heard = useHeard();
  useEffect(() => {
    place.heard = from.current;
    const live = new Live((frame) => {
      if ("cursor" in frame) place.heard = frame.cursor;
      accountLive(frame, client);
      automationLive(frame, client);
      contactLive(frame, client);
      conversationLive(frame, client, myId);
      notificationLive(frame, client);
      settingsLive(frame, client);
    }, heard, from.current);
    live.start();
    return () => live.stop();
  }, [client, myId]);
}
