import { Card, Select, TextField } from "@rapport/ui";
import { languageName } from "../../../contact/languageName";
import { t } from "../../../i18n";
import type { ChatForm, SetChat } from "../chatForm";
import { panelLanguages } from "../languages";

/** The first words of the chat, in each language one cares for, and which language the chat speaks. */
export function GreetingCard({ form, set }: { form: ChatForm; set: SetChat }) {
  const shown = [...new Set(["en", "ko", "pl", ...Object.keys(form.greeting)])];
  const rest = Object.keys(panelLanguages).filter((code) => !shown.includes(code));
  const say = (code: string, words: string) => set({ greeting: { ...form.greeting, [code]: words } });
  return (
    <Card title={t("chat.greeting")}>
      <div className="card-body">
        <p className="quiet">{t("chat.greeting.why")}</p>
        {shown.map((code) => (
          <TextField key={code} label={languageLabel(code)} lang={code} maxLength={200} placeholder={panelLanguages[code]} value={form.greeting[code] ?? ""} onChange={(event) => say(code, event.target.value)} />
        ))}
        {rest.length > 0 && (
          <Select label={t("chat.greeting.more")} value="" onChange={(event) => event.target.value && say(event.target.value, "")}>
            <option value="">{t("chat.greeting.choose")}</option>
            {rest.map((code) => <option key={code} value={code}>{languageLabel(code)}</option>)}
          </Select>
        )}
        <Select label={t("chat.language")} hint={t("chat.language.why")} value={form.language} onChange={(event) => set({ language: event.target.value })}>
          <option value="auto">{t("chat.language.auto")}</option>
          {[...new Set([...Object.keys(panelLanguages), form.language])].filter((code) => code !== "auto").map((code) => <option key={code} value={code}>{languageLabel(code)}</option>)}
        </Select>
      </div>
    </Card>
  );
}

/** At the beginning of a line or a label. */
function languageLabel(code: string): string {
  const name = languageName(code);
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}
