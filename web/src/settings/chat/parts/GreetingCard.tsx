import { Card, Select, TextField } from "@rapport/ui";
import { currentLanguage, t } from "../../../i18n";
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
          <TextField key={code} label={languageName(code)} lang={code} maxLength={200} placeholder={panelLanguages[code]} value={form.greeting[code] ?? ""} onChange={(event) => say(code, event.target.value)} />
        ))}
        {rest.length > 0 && (
          <Select label={t("chat.greeting.more")} value="" onChange={(event) => event.target.value && say(event.target.value, "")}>
            <option value="">{t("chat.greeting.choose")}</option>
            {rest.map((code) => <option key={code} value={code}>{languageName(code)}</option>)}
          </Select>
        )}
        <Select label={t("chat.language")} hint={t("chat.language.why")} value={form.language} onChange={(event) => set({ language: event.target.value })}>
          <option value="auto">{t("chat.language.auto")}</option>
          {[...new Set([...Object.keys(panelLanguages), form.language])].filter((code) => code !== "auto").map((code) => <option key={code} value={code}>{languageName(code)}</option>)}
        </Select>
      </div>
    </Card>
  );
}

function languageName(code: string): string {
  try {
    const name = new Intl.DisplayNames([currentLanguage()], { type: "language" }).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase() + name.slice(1);
  } catch {
    return code;
  }
}
