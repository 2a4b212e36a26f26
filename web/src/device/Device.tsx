import { useRouter } from "@tanstack/react-router";
import { Icon, IconButton } from "@rapport/ui";
import { useEffect } from "react";
import { useMe } from "../account/people";
import { useCommands } from "../app/commands";
import { useMemory } from "../app/memory";
import { shownTheme } from "../app/theme";
import { t, useLanguage } from "../i18n";
import { install, installOffer } from "./install";
import { useCount, useSounds } from "./told";
import { keepApplication, loadNewer, newerVersion } from "./version";

/** What the application is to this device: kept without a network, installed, opened by what was pushed. */
export default function Device() {
  useManifest();
  useComing();
  useCount();
  useSounds();
  useEffect(() => void keepApplication(), []);
  useEffect(() => void import("./letters").catch(() => {}), []);
  const offer = useMemory(installOffer);
  useCommands(offer ? [{ id: "install", label: t("device.install"), group: "general", icon: "download", also: "app phone desktop", run: () => void install() }] : []);
  return useMemory(newerVersion) ? <NewerVersion /> : null;
}

/** The application is installed under the name of the workspace, and its shortcuts are in the language of the person. */
function useManifest() {
  const { workspace } = useMe();
  const language = useLanguage();
  const theme = useMemory(shownTheme);
  useEffect(() => {
    const asked = new URLSearchParams({ name: workspace.name, lang: language, theme });
    document.querySelector("link[rel=manifest]")?.setAttribute("href", `/manifest.webmanifest?${asked}`);
    document.querySelector("meta[name=apple-mobile-web-app-title]")?.setAttribute("content", workspace.name);
  }, [workspace.name, language, theme]);
}

/** A pressed notification leads this tab to its conversation, without loading the page anew. */
function useComing() {
  const { history } = useRouter();
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    const come = ({ data }: MessageEvent<{ goTo?: string } | null>) => data?.goTo && history.push(data.goTo);
    navigator.serviceWorker.addEventListener("message", come);
    return () => navigator.serviceWorker.removeEventListener("message", come);
  }, [history]);
}

function NewerVersion() {
  return (
    <div className="newer" role="status">
      <Icon name="retry" />
      <span>{t("device.newer")}</span>
      <button type="button" className="button compact" onClick={() => void loadNewer()}>{t("device.load")}</button>
      <IconButton icon="x" label={t("device.later")} onClick={() => newerVersion.set(false)} />
    </div>
  );
}
