import type { ChatChange, ChatSettings } from "../client/nouns";

/** How the preview is looked at. */
export type PreviewLook = { device: "desktop" | "phone"; theme: "light" | "dark"; panel: "open" | "closed"; hours: "now" | "in" | "out"; direction: "ltr" | "rtl" };

type Opening = { open: boolean; opens_at: string | null; closes_at: string | null };

/** What the settings tell the page in the frame: the site as the server would describe it, and how to show it. */
export type PreviewMessage = { site: Record<string, unknown>; theme: PreviewLook["theme"]; open: boolean; language: string | undefined };

const team = [{ name: "Hanna", photo_url: null }, { name: "지우", photo_url: null }, { name: "Tom", photo_url: null }];
const USUAL_REPLY_SECONDS = 360;

export function previewOf(chat: ChatChange & { hours: ChatSettings["hours"] }, opening: Opening, name: string, look: PreviewLook, mail: boolean): PreviewMessage {
  const { brand, position, greeting, language, files, ask_email, show_launcher, show_team } = chat;
  return {
    site: {
      name, brand: brand || "#0b6470", position, language, greeting, files, ask_email: ask_email && mail, mail, show_launcher, ...opening, time_zone: chat.hours.time_zone, usual_reply_seconds: USUAL_REPLY_SECONDS,
      ...(show_team && { team }),
    },
    theme: look.theme, open: look.panel === "open", language: look.direction === "rtl" ? "ar" : undefined,
  };
}
