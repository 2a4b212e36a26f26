import { afterEach, expect, it } from "vitest";
import { setLanguage, t, withWords } from ".";

afterEach(() => setLanguage("en"));

it("brings the words of settings with their screens, also when the language changes on the way", async () => {
  expect(t("settings.keys")).toBe("settings.keys");
  const [screens] = await Promise.all([withWords("settings", Promise.resolve("screens")), setLanguage("pl")]);
  expect(screens).toBe("screens");
  expect(t("settings.keys")).toBe("Klucze API");
  expect(t("action.save")).toBe("Zapisz");
  await setLanguage("ko");
  expect(t("settings.keys")).toBe("API 키");
});
