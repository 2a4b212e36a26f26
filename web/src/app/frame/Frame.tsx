import { useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { Toasts } from "@rapport/ui";
import { lazy, Suspense, useEffect } from "react";
import { useMe } from "../../account/people";
import { openQueue, queue } from "../../client/queue";
import { t, withWords } from "../../i18n";
import { useNotifications } from "../../notification/unseen";
import { useKeyboard } from "../keys";
import { useLive } from "../live";
import { useGeneralCommands } from "../generalCommands";
import { BottomBar } from "./BottomBar";
import { OfflineStrip } from "./OfflineStrip";
import { Rail } from "./Rail";
import { overlay } from "./overlay";
import { useMemory } from "../memory";

const readKeySheet = () => import("./KeySheet");
const readPalette = () => import("./Palette");
const KeySheet = lazy(readKeySheet);
const Palette = lazy(readPalette);
const Device = lazy(() => withWords("desk", import("../../device/Device")).catch(() => ({ default: () => null })));
const ReconnectBanner = lazy(() => import("./ReconnectBanner"));
const Overtaken = lazy(() => withWords("desk", import("../../meanwhile/Overtaken")));
const QUIET_MS = 1000;

/** What opens by a key must be there when the key is pressed: it is read as soon as the first screen has settled. */
function useOverlaysAhead() {
  useEffect(() => {
    const timer = window.setTimeout(() => void Promise.all([readPalette(), readKeySheet()]).catch(() => {}), QUIET_MS);
    return () => window.clearTimeout(timer);
  }, []);
}

/** What has been done here is told to the server, also what an earlier session of the same person has left. */
function useQueue() {
  const { workspace, agent } = useMe();
  const client = useQueryClient();
  useEffect(() => openQueue(`${workspace.id}:${agent.id}`, async () => (await import("../../conversation/told")).conversationRoom(client)), [client, workspace.id, agent.id]);
}

/** The frame every area has: rail, views, one sheet. */
export function Frame() {
  useQueue();
  useLive();
  useNotifications();
  useKeyboard();
  useGeneralCommands();
  useOverlaysAhead();
  const open = useMemory(overlay);
  const overtaken = useMemory(queue).some((command) => command.held);
  const manages = useMe().permissions.includes("inbox.manage");
  return (
    <>
      <a className="skip" href="#sheet">{t("frame.skip")}</a>
      <div className="whole">
        <Suspense><Device /></Suspense>
        <OfflineStrip />
        {overtaken && <Suspense><Overtaken /></Suspense>}
        {manages && <Suspense><ReconnectBanner /></Suspense>}
        <div className="app">
          <Rail />
          <Suspense fallback={<main className="sheet" id="sheet" />}>
            <Outlet />
          </Suspense>
        </div>
      </div>
      <BottomBar />
      <Toasts closeLabel={t("action.dismiss")} />
      <Suspense>
        {open === "palette" && <Palette />}
        {open === "keys" && <KeySheet />}
      </Suspense>
    </>
  );
}
