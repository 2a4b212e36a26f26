import { Outlet } from "@tanstack/react-router";
import { Toasts } from "@rapport/ui";
import { Suspense } from "react";
import { t } from "../../i18n";
import { useKeyboard } from "../keys";
import { useLive } from "../live";
import { useGeneralCommands } from "../generalCommands";
import { BottomBar } from "./BottomBar";
import { KeySheet } from "./KeySheet";
import { OfflineStrip } from "./OfflineStrip";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { overlay } from "./overlay";
import { useMemory } from "../memory";

/** The frame every area has: rail, views, one sheet. */
export function Frame() {
  useLive();
  useKeyboard();
  useGeneralCommands();
  const open = useMemory(overlay);
  return (
    <>
      <a className="skip" href="#sheet">{t("frame.skip")}</a>
      <div className="whole">
        <OfflineStrip />
        <div className="app">
          <Rail />
          <Suspense fallback={<main className="sheet" id="sheet" />}>
            <Outlet />
          </Suspense>
        </div>
      </div>
      <BottomBar />
      <Toasts closeLabel={t("action.dismiss")} />
      {open === "palette" && <Palette />}
      {open === "keys" && <KeySheet />}
    </>
  );
}
