import { Avatar, Button, Card, Segments, Select, showToast, Switch, TextField } from "@rapport/ui";
import { lazy, Suspense, useRef, useState } from "react";
import { useMe } from "../account/people";
import { account, accountKeys, useAccountChange } from "../account/queries";
import { singleKeys } from "../app/keys";
import { useMemory } from "../app/memory";
import { Page } from "../app/Page";
import { theme } from "../app/theme";
import type { Agent, Language, Theme } from "../client/nouns";
import { beforeSend } from "../conversation/composer/beforeSend";
import { holdChoices, holdSeconds } from "../conversation/composer/holdSeconds";
import { languages, t, withWords } from "../i18n";
import { RichField, usePictureUrls } from "./parts/RichField";

const DeviceCard = lazy(() => withWords("desk", import("../device/DeviceCard")));

/** Oneself: name, picture, language, zone, signature, looks. */
export function ProfileScreen() {
  const { agent } = useMe();
  return (
    <Page title={t("settings.profile")} sub={agent.email}>
      <div className="column">
        <PhotoCard agent={agent} />
        <ProfileCard agent={agent} />
        <LooksCard />
        <Suspense><DeviceCard /></Suspense>
      </div>
    </Page>
  );
}

function PhotoCard({ agent }: { agent: Agent }) {
  const input = useRef<HTMLInputElement>(null);
  const photo = useAccountChange(account.photo, [accountKeys.me, accountKeys.agents]);
  const remove = useAccountChange(account.removePhoto, [accountKeys.me, accountKeys.agents]);
  return (
    <section className="photo-line">
      <Avatar name={agent.name} seed={agent.id} photo={agent.photo_url} size={64} />
      <Button icon="upload" busy={photo.isPending} onClick={() => input.current?.click()}>{t("profile.photo")}</Button>
      {agent.photo_url && <Button look="bare" onClick={() => remove.mutate(undefined)}>{t("profile.removePhoto")}</Button>}
      <input ref={input} type="file" accept="image/png,image/jpeg,image/webp" hidden aria-label={t("profile.photo")} onChange={(event) => event.target.files?.[0] && photo.mutate(event.target.files[0])} />
    </section>
  );
}

function ProfileCard({ agent }: { agent: Agent }) {
  const [fields, setFields] = useState({ name: agent.name, public_name: agent.public_name, language: agent.language, time_zone: agent.time_zone, signature: agent.signature, signature_html: agent.signature_html });
  const pictures = usePictureUrls(agent.pictures);
  const save = useAccountChange(account.change, [accountKeys.me, accountKeys.agents]);
  const set = (patch: Partial<typeof fields>) => setFields((now) => ({ ...now, ...patch }));
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <Card>
      <form className="card-body" onSubmit={(event) => { event.preventDefault(); save.mutate(fields, { onSuccess: () => showToast({ text: t("action.saved"), seconds: 3 }) }); }}>
        <TextField label={t("field.yourName")} value={fields.name} required onChange={(event) => set({ name: event.target.value })} />
        <TextField label={t("profile.publicName")} hint={t("profile.publicName.hint")} placeholder={fields.name} value={fields.public_name} onChange={(event) => set({ public_name: event.target.value })} />
        <Select label={t("profile.language")} value={fields.language} onChange={(event) => set({ language: event.target.value as Language })}>
          {Object.entries(languages).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
        </Select>
        <Select label={t("field.timeZone")} value={fields.time_zone} onChange={(event) => set({ time_zone: event.target.value })}>
          {[...new Set([fields.time_zone, "UTC", ...zones])].map((zone) => <option key={zone}>{zone}</option>)}
        </Select>
        <RichField
          label={t("profile.signature")} hint={t("profile.signature.hint")} value={{ text: fields.signature, html: fields.signature_html }} pictures={pictures}
          onChange={({ text, html }) => set({ signature: text, signature_html: html })}
        />
        <div><Button type="submit" look="primary" busy={save.isPending}>{t("action.save")}</Button></div>
      </form>
    </Card>
  );
}

function LooksCard() {
  const chosen = useMemory(theme);
  const hold = useMemory(holdSeconds);
  const check = useMemory(beforeSend);
  const [keys, setKeys] = useState(singleKeys.on);
  const save = useAccountChange(account.change, [accountKeys.me]);
  const options = (["system", "light", "dark"] as const).map((value) => ({ value, label: t(`theme.${value}`) }));
  function choose(next: Theme) {
    theme.set(next);
    save.mutate({ theme: next });
  }
  return (
    <Card title={t("profile.looks")}>
      <div className="card-body">
        <div className="setting-line">
          <span>{t("profile.theme")}</span>
          <Segments label={t("profile.theme")} value={chosen} options={options} onChange={choose} />
        </div>
        <Select label={t("profile.undo")} value={hold} onChange={(event) => holdSeconds.set(Number(event.target.value))}>
          {holdChoices.map((n) => <option key={n} value={n}>{t("profile.undo.seconds", { n })}</option>)}
        </Select>
        <Switch label={t("profile.check")} on={check} onChange={beforeSend.set} />
        <Switch label={t("profile.singleKeys")} on={keys} onChange={(on) => { singleKeys.set(on); setKeys(on); }} />
      </div>
    </Card>
  );
}
