import { Card, Select, TextArea, TextField } from "@rapport/ui";
import { languages, t } from "../../../i18n";
import type { FormDraft, SetForm } from "../formDraft";

/** What the form says besides its fields. What is left empty it says in its own words, in the reader's language. */
export function WordsCard({ form, about, set }: { form: FormDraft; about: (field: string) => string | null; set: SetForm }) {
  return (
    <Card>
      <div className="card-body">
        <TextField label={t("inboxes.name")} hint={t("inboxes.name.hint")} placeholder={t("form.name.example")} value={form.name} wrong={about("name")} onChange={(event) => set({ name: event.target.value })} />
        <TextField label={t("form.title")} hint={t("form.title.hint")} placeholder={t("form.title.own")} maxLength={120} value={form.title} wrong={about("form.title")} onChange={(event) => set({ title: event.target.value })} />
        <TextArea label={t("form.intro")} rows={2} maxLength={2000} value={form.intro} wrong={about("form.intro")} onChange={(event) => set({ intro: event.target.value })} />
        <TextArea label={t("form.thanks")} hint={t("form.thanks.hint")} rows={2} maxLength={2000} value={form.thanks} wrong={about("form.thanks")} onChange={(event) => set({ thanks: event.target.value })} />
        <Select label={t("form.language")} hint={t("form.language.hint")} value={form.language} onChange={(event) => set({ language: event.target.value as FormDraft["language"] })}>
          <option value="auto">{t("form.language.auto")}</option>
          {Object.entries(languages).map(([tag, name]) => <option key={tag} value={tag}>{name}</option>)}
        </Select>
      </div>
    </Card>
  );
}
