import { Card, Icon, Segments, TextField } from "@rapport/ui";
import { brandColours, contrast, DEFAULT_BRAND, fullHex, isColour, type BrandTheme } from "@rapport/ui/brand";
import { t } from "../../../i18n";
import type { ChatForm, SetChat } from "../chatForm";

const grounds: Record<BrandTheme, string> = { light: "#ffffff", dark: "#18191b" };
const SEEN = 3;

/** One colour of the company; what becomes of it is shown, and said when it had to be moved. */
export function LookCard({ form, wrong, set }: { form: ChatForm; wrong: string | null; set: SetChat }) {
  const bad = form.brand !== "" && !isColour(form.brand);
  const brand = isColour(form.brand) ? form.brand.trim() : DEFAULT_BRAND;
  const positions = (["start", "end"] as const).map((value) => ({ value, label: t(`chat.position.${value}`) }));
  return (
    <Card title={t("chat.look")}>
      <div className="card-body">
        <div className="brand-line">
          <input className="colour-well" type="color" aria-label={t("chat.brand.pick")} value={fullHex(brand)} onChange={(event) => set({ brand: event.target.value })} />
          <TextField label={t("chat.brand")} placeholder={DEFAULT_BRAND} spellCheck={false} dir="ltr" maxLength={7} value={form.brand} wrong={bad ? t("chat.brand.bad") : wrong} onChange={(event) => set({ brand: event.target.value.trim() })} />
        </div>
        <div className="swatches">
          {(["light", "dark"] as const).map((theme) => <Swatch key={theme} brand={brand} theme={theme} />)}
        </div>
        <div className="setting-line">
          <span>{t("chat.position")}<span className="quiet small block-line">{t("chat.position.why")}</span></span>
          <Segments label={t("chat.position")} value={form.position} options={positions} onChange={(position) => set({ position })} />
        </div>
      </div>
    </Card>
  );
}

function Swatch({ brand, theme }: { brand: string; theme: BrandTheme }) {
  const colours = brandColours(brand, theme);
  const given = contrast(brand, grounds[theme]);
  const weak = given < SEEN;
  const ratio = given.toFixed(1);
  return (
    <figure className="swatch">
      <div style={{ background: grounds[theme], color: colours.text }}>
        <span className="launcher" style={{ background: colours.fill, color: colours.onFill }}><Icon name="chat" size={20} /></span>
        <u lang="en">{t("chat.brand.link")}</u>
      </div>
      <figcaption className={weak ? "weak" : undefined}>
        {weak && <Icon name="alert" size={12} />}
        <span>{t(weak ? `chat.brand.weak.${theme}` : `chat.brand.fine.${theme}`, { ratio })} {colours.fill !== fullHex(brand) && t("chat.brand.used", { colour: colours.fill })}</span>
      </figcaption>
    </figure>
  );
}
