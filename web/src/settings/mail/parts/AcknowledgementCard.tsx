import "../../chat/chat.css";
import "../mail.css";
import { Button, Card, Segments, Select, showToast, TextArea } from "@rapport/ui";
import { useState } from "react";
import type { Acknowledgement, Inbox } from "../../../client/nouns";
import { messageOf } from "../../../client/problem";
import { languageName } from "../../../contact/languageName";
import { t } from "../../../i18n";
import { SwitchLine } from "../../chat/parts/SwitchLine";
import { useAcknowledgement, useAcknowledgementChange, usePreview } from "../acknowledgement";

type Code = Acknowledgement["language"];

const variables = ["customer.name", "customer.first_name", "conversation.number", "inbox.name"];

/** Whether who writes is told at once that the mail has come, in which words, and how that looks. */
export function AcknowledgementCard({ inbox }: { inbox: Inbox }) {
  const { data } = useAcknowledgement(inbox.id);
  return data ? <Form inbox={inbox} saved={data} /> : null;
}

function Form({ inbox, saved }: { inbox: Inbox; saved: Acknowledgement }) {
  const [value, setValue] = useState(saved);
  const [shown, setShown] = useState<Code>(saved.language);
  const save = useAcknowledgementChange(inbox.id);
  const text = value.texts.find((each) => each.language === shown);
  const words = text?.text || text?.shipped || "";
  const write = (next: string) => setValue({ ...value, texts: value.texts.map((each) => (each.language === shown ? { ...each, text: next } : each)) });
  const keep = (next: Acknowledgement) => save.mutate(next, { onSuccess: (now) => { setValue(now); showToast({ text: t("action.saved"), seconds: 3 }); } });
  return (
    <Card title={t("acknowledgement.title")}>
      <div className="card-body">
        <SwitchLine label={t("acknowledgement.on")} why={t("acknowledgement.on.why")} on={value.on} onChange={(on) => { setValue({ ...value, on }); keep({ ...saved, on }); }} />
        {value.on && (
          <>
            <div><Segments label={t("acknowledgement.words")} value={shown} onChange={setShown} options={value.texts.map(({ language }) => ({ value: language, label: nameOf(language) }))} /></div>
            <TextArea label={t("acknowledgement.words")} hint={t("acknowledgement.variables", { list: variables.map((name) => `{{${name}}}`).join(", "), example: "{{customer.name|there}}" })} rows={8} lang={shown} value={words} wrong={save.error ? messageOf(save.error) : null} onChange={(event) => write(event.target.value)} />
            <Preview inboxId={inbox.id} language={shown} words={words} />
            <Select label={t("acknowledgement.otherwise")} value={value.language} onChange={(event) => setValue({ ...value, language: event.target.value as Code })}>
              {value.texts.map(({ language }) => <option key={language} value={language}>{nameOf(language)}</option>)}
            </Select>
            <p className="quiet small">{t("acknowledgement.never")}</p>
            <div className="actions">
              <Button type="button" look="primary" busy={save.isPending} disabled={same(value, saved)} onClick={() => keep(value)}>{t("acknowledgement.save")}</Button>
              {text?.text && text.text !== text.shipped && <Button type="button" look="bare" onClick={() => write("")}>{t("acknowledgement.back")}</Button>}
            </div>
          </>
        )}
      </div>
    </Card>
  );
}

const names: Record<Code, string> = { en: "Ewa Marsh", ko: "김민서", pl: "Ewa Morska" };

/** The mail as a customer gets it: once with a name that is known for certain, once without. */
function Preview({ inboxId, language, words }: { inboxId: number; language: Code; words: string }) {
  const [named, setNamed] = useState(true);
  const { data, error } = usePreview(inboxId, language, words, named ? names[language] : "");
  return (
    <div className="mail-preview" role="group" aria-label={t("acknowledgement.preview")}>
      <header>
        <span className="quiet small">{t("acknowledgement.preview")}</span>
        <Segments<"yes" | "no"> label={t("acknowledgement.name")} value={named ? "yes" : "no"} onChange={(next) => setNamed(next === "yes")} options={[{ value: "yes", label: names[language] }, { value: "no", label: t("acknowledgement.noName") }]} />
      </header>
      {error ? <p className="bad" role="alert">{messageOf(error)}</p> : <div lang={language} aria-live="polite"><b>{data?.subject}</b><p>{data?.text}</p></div>}
    </div>
  );
}

function same(a: Acknowledgement, b: Acknowledgement): boolean {
  return a.on === b.on && a.language === b.language && a.texts.every(({ language, text }) => (text || "") === (b.texts.find((each) => each.language === language)?.text ?? ""));
}

/** At the beginning of a label. */
function nameOf(code: string): string {
  const name = languageName(code);
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}
