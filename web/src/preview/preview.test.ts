import { describe, expect, it } from "vitest";
import { previewOf, type PreviewLook } from "./contract";
import { themed } from "./theme";

const look: PreviewLook = { device: "phone", theme: "dark", panel: "open", hours: "out", direction: "ltr" };
const chat = { brand: "", position: "start" as const, greeting: { en: "Hi" }, language: "auto", hours: { time_zone: "Europe/Warsaw", days: [] }, show_team: false, files: true, ask_email: true, show_launcher: true };
const closed = { open: false, opens_at: "2026-11-23T08:00:00.000Z", closes_at: null };

describe("previewOf", () => {
  it("describes the site as the server would", () => {
    expect(previewOf(chat, closed, "Miska", look, true)).toEqual({
      site: { name: "Miska", brand: "#0b6470", position: "start", language: "auto", greeting: { en: "Hi" }, files: true, ask_email: true, mail: true, show_launcher: true, ...closed, time_zone: "Europe/Warsaw", usual_reply_seconds: 360 },
      theme: "dark", open: true, language: undefined,
    });
  });
  it("shows faces only when the team is shown, and Arabic for reading from the right", () => {
    const shown = previewOf({ ...chat, show_team: true, brand: "#aa0000" }, closed, "Miska", { ...look, direction: "rtl", panel: "closed" }, true);
    expect(shown.site).toHaveProperty("team");
    expect(shown.site["brand"]).toBe("#aa0000");
    expect([shown.language, shown.open]).toEqual(["ar", false]);
  });
});

it("asks for no address when no mail could go to it", () => expect(previewOf(chat, closed, "Miska", look, false).site).toMatchObject({ ask_email: false, mail: false }));

describe("themed", () => {
  const css = ":host{color-scheme: light dark}@media (prefers-color-scheme: dark){a{}}@media(prefers-color-scheme:light){b{}}";
  it.each([
    ["dark", ":host{color-scheme: dark}@media (min-width: 0px){a{}}@media(max-width: 0px){b{}}"],
    ["light", ":host{color-scheme: light}@media (max-width: 0px){a{}}@media(min-width: 0px){b{}}"],
  ] as const)("%s", (theme, out) => expect(themed(css, theme)).toBe(out));
});
