import { Segments } from "@rapport/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "../../../client/fetch";
import type { FormPreviewPage, Language } from "../../../client/nouns";
import { messageOf } from "../../../client/problem";
import { languages, t, type MessageKey } from "../../../i18n";
import { useScale } from "../../parts/useScale";
import { settingsOf, type FormDraft } from "../formDraft";

const screens = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 780 } };
const SETTLE_MS = 300;

type Look = { device: "desktop" | "phone"; theme: "light" | "dark"; place: "page" | "frame"; language: Language };

/** The page as the server makes it out of the settings as they stand here. Nothing can be sent from it. */
export function Preview({ form }: { form: FormDraft }) {
  const [isNarrow] = useState(() => window.matchMedia("(max-width: 599px)").matches);
  const [folded, setFolded] = useState(isNarrow);
  const [look, setLook] = useState<Look>(() => ({ device: isNarrow ? "phone" : "desktop", theme: "light", place: "page", language: document.documentElement.lang as Language }));
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = screens[look.device];
  const scale = useScale(box, screens[look.device]);
  const settings = useSettled(JSON.stringify(settingsOf(form)));
  const page = useQuery({
    queryKey: ["settings", "form-preview", settings, look.theme, look.place, look.language],
    queryFn: () => api.post<FormPreviewPage>("/form-previews", { form: JSON.parse(settings), theme: look.theme, embed: look.place === "frame", language: look.language }),
    placeholderData: keepPreviousData, retry: false, staleTime: Infinity, gcTime: 60_000, meta: { quiet: true },
  });
  const choose = <K extends keyof Look>(key: K, options: { value: Look[K]; label: string }[]) => (
    <Segments label={t(`form.preview.${key}` as MessageKey)} value={look[key]} options={options} onChange={(value) => setLook((now) => ({ ...now, [key]: value }))} />
  );
  return (
    <aside className="preview form-preview" aria-label={t("form.preview")}>
      <button type="button" className="button preview-fold" aria-expanded={!folded} onClick={() => setFolded(!folded)}>{t(folded ? "chat.preview.show" : "chat.preview.hide")}</button>
      <div className="preview-body" hidden={folded}>
        <div className="preview-looks">
          {choose("device", (["desktop", "phone"] as const).map((value) => ({ value, label: t(`chat.preview.device.${value}`) })))}
          {choose("theme", (["light", "dark"] as const).map((value) => ({ value, label: t(`chat.preview.theme.${value}`) })))}
          {choose("place", (["page", "frame"] as const).map((value) => ({ value, label: t(`form.preview.place.${value}`) })))}
          {form.language === "auto" && choose("language", (["en", "ko", "pl"] as const).map((value) => ({ value, label: languages[value] })))}
        </div>
        {page.error && <p className="banner danger" role="alert">{messageOf(page.error)}</p>}
        <div className={`preview-box ${look.device}`} ref={box}>
          <div style={{ inlineSize: width * scale, blockSize: height * scale, background: look.theme === "dark" ? "#111113" : "#fcfcfd" }}>
            <iframe title={t("form.preview")} sandbox="" srcDoc={page.data?.html ?? ""} width={width} height={height} style={{ transform: `scale(${scale})`, colorScheme: look.theme }} />
          </div>
        </div>
        <p className="quiet small">{t("form.preview.why")}</p>
      </div>
    </aside>
  );
}

/** A value that has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}
