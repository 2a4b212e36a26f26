import { Segments } from "@rapport/ui";
import { useEffect, useRef, useState } from "react";
import { useMe } from "../../../account/people";
import { t, type MessageKey } from "../../../i18n";
import { previewOf, type PreviewLook } from "../../../preview/contract";
import { useScale } from "../../parts/useScale";
import { useInboxes } from "../../queries";
import { chatOf, type ChatForm } from "../chatForm";
import { openingAt } from "../hours";

const screens = { desktop: { width: 960, height: 760 }, phone: { width: 390, height: 780 } };
const SETTLE_MS = 250;
const firstLook: PreviewLook = { device: "desktop", theme: "light", panel: "open", hours: "now", direction: "ltr" };

/** The real chat on a page of a shop, with the settings as they stand in the form. Nothing said there goes anywhere. */
export function Preview({ form, siteKey }: { form: ChatForm; siteKey: string | undefined }) {
  const [isNarrow] = useState(() => window.matchMedia("(max-width: 599px)").matches);
  const [folded, setFolded] = useState(isNarrow);
  const [look, setLook] = useState<PreviewLook>({ ...firstLook, device: isNarrow ? "phone" : "desktop" });
  const frame = useRef<HTMLIFrameElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const scale = useScale(box, screens[look.device]);
  useShown(frame, form, look);
  const choose = <K extends keyof PreviewLook>(key: K, values: PreviewLook[K][]) => (
    <Segments label={t(`chat.preview.${key}`)} value={look[key]} options={values.map((value) => ({ value, label: t(`chat.preview.${key}.${value}` as MessageKey) }))} onChange={(value) => setLook((now) => ({ ...now, [key]: value }))} />
  );
  const { width, height } = screens[look.device];
  return (
    <aside className="preview" aria-label={t("chat.preview")}>
      <button type="button" className="button preview-fold" aria-expanded={!folded} onClick={() => setFolded(!folded)}>{t(folded ? "chat.preview.show" : "chat.preview.hide")}</button>
      <div className="preview-body" hidden={folded}>
        <div className="preview-looks">
          {choose("device", ["desktop", "phone"])}
          {choose("theme", ["light", "dark"])}
          {choose("panel", ["open", "closed"])}
          {choose("hours", ["now", "in", "out"])}
          {choose("direction", ["ltr", "rtl"])}
        </div>
        <div className={`preview-box ${look.device}`} ref={box}>
          <div style={{ inlineSize: width * scale, blockSize: height * scale }}>
            <iframe
              ref={frame} title={t("chat.preview")} src="/preview.html" width={width} height={height} style={{ transform: `scale(${scale})` }}
            />
          </div>
        </div>
        <p className="quiet small">
          {t("chat.preview.why")} {siteKey && <a className="link" href={`/preview.html?site=${siteKey}`} target="_blank" rel="noopener">{t("chat.preview.try")}</a>}
        </p>
      </div>
    </aside>
  );
}

/** Tells the page in the frame what to show, whenever it is ready and whenever that changes. */
function useShown(frame: React.RefObject<HTMLIFrameElement | null>, form: ChatForm, look: PreviewLook) {
  const { workspace } = useMe();
  const mail = useInboxes().some((inbox) => inbox.channel === "email");
  const chat = chatOf(form);
  const hours = chat.hours ?? { time_zone: "", days: [] };
  const opening = { now: openingAt(hours, new Date()), in: { open: true, opens_at: null, closes_at: inHours(7) }, out: { open: false, opens_at: inHours(14), closes_at: null } }[look.hours];
  const message = JSON.stringify(previewOf({ ...chat, hours }, opening, form.name.trim() || workspace.name, look, mail));
  const latest = useRef(message);
  latest.current = message;
  const show = () => frame.current?.contentWindow?.postMessage(latest.current, window.location.origin);
  useEffect(() => {
    const heard = (event: MessageEvent) => event.origin === window.location.origin && event.source === frame.current?.contentWindow && event.data === "ready" && show();
    window.addEventListener("message", heard);
    return () => window.removeEventListener("message", heard);
  }, []);
  useEffect(() => {
    const timer = window.setTimeout(show, SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [message]);
}

/** A full hour some hours from now, so that the words of the preview hold still for a while. */
function inHours(hours: number): string {
  const at = new Date(Date.now() + hours * 3_600_000);
  at.setMinutes(0, 0, 0);
  return at.toISOString();
}
