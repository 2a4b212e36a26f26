import "./mail.css";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Card, showToast, TextField } from "@rapport/ui";
import { useEffect, useRef, useState } from "react";
import { Page } from "../../app/Page";
import { messageOf, Problem } from "../../client/problem";
import type { Recognition } from "../../client/nouns";
import { t } from "../../i18n";
import { formOf, settingsOf, type MailForm } from "../mailServers";
import { BackToInboxes } from "../parts/InboxHead";
import { ServerFields } from "../parts/ServerFields";
import { inboxes as verbs, useInboxChange } from "../queries";
import { DomainCard } from "./parts/DomainCard";
import { ProviderPanel } from "./parts/ProviderPanel";
import { ServerChecks } from "./parts/ServerChecks";
import { SignInCard } from "./parts/SignInCard";
import { useRecognition, withFound } from "./recognition";
import { dropDraft, keepDraft, keptDraft, useAuthorization, withSignIn } from "./signIn";

/** Connect a mailbox: type the address, sign in at its provider or enter one password, see each server answer. The expert's fields are one press away. */
export function ConnectMailbox() {
  const { authorization } = useSearch({ from: "/gate/settings/inboxes/$id" });
  const [draft] = useState(keptDraft);
  const [typed, setForm] = useState(() => draft?.form ?? formOf(undefined));
  const [left, setSettled] = useState(typed); // as it was when a field was left: what is tried
  const [byHand, setByHand] = useState(draft?.byHand ?? false);
  const [wantsPassword, setWantsPassword] = useState(false);
  const [wantsPage, setWantsPage] = useState(Boolean(authorization) || draft !== null);
  const signIn = useAuthorization(authorization).data;
  const form = withSignIn(typed, signIn);
  const settled = withSignIn(left, signIn);
  const signedIn = form.imap.authorization_id || form.smtp.authorization_id ? signIn : undefined;
  const recognition = useRecognition(form.address);
  const found = recognition.data ?? (recognition.isError ? nobody : undefined);
  const navigate = useNavigate();
  const set = (patch: Partial<MailForm>) => setForm((now) => ({ ...now, ...patch }));
  const asLeft = useRef(draft?.form.address); // what was entered for it before going to the provider is not filled in anew
  useEffect(() => {
    if (!found) return;
    const isKnown = Boolean(found.imap && found.smtp);
    if (typed.address === asLeft.current) return setByHand((now) => now || !isKnown);
    asLeft.current = undefined;
    const filled = withFound(typed, found);
    setForm(filled);
    setSettled(filled);
    setByHand(!isKnown);
  }, [found]);
  useEffect(() => {
    if (signIn && !typed.address) set({ address: signIn.address });
  }, [signIn]);
  useEffect(() => dropDraft, []);
  const save = useInboxChange(() => verbs.add({ name: form.name || form.address, email: settingsOf(form) }), true);
  const about = (field: string) => (save.error instanceof Problem ? save.error.about(field) : null);
  const setPassword = (password: string) => setForm((now) => ({ ...now, imap: { ...now.imap, password }, smtp: { ...now.smtp, password } }));
  function submit() {
    save.mutate(undefined, {
      onSuccess: (made) => {
        showToast({ text: t("inboxes.connected"), seconds: 3 });
        void navigate({ to: "/settings/inboxes/$id", params: { id: String(made.id) } });
      },
    });
  }
  const isSimple = found && !byHand;
  const offered = found?.oauth ? (found.provider as "google" | "microsoft") : "custom";
  const byPage = Boolean(found?.oauth) && !byHand && !wantsPassword;
  const hosts = { imap_host: form.receives ? form.imap.host : "", smtp_host: form.sends ? form.smtp.host : "" };
  return (
    <Page title={t("inboxes.newMail")} back={<BackToInboxes isNew />}>
      <form className="two" onSubmit={(event) => { event.preventDefault(); submit(); }} onBlur={() => setSettled(form)}>
        <div className="column wide">
          {save.error && <p className="banner danger" role="alert">{messageOf(save.error)}</p>}
          <TextField label={t("inboxes.address")} type="email" icon="mail" required autoComplete="off" value={form.address} wrong={about("address")} onChange={(event) => set({ address: event.target.value })} />
          <ProviderPanel found={found} looking={recognition.isFetching} byHand={byHand} byPage={byPage} onByHand={setByHand} />
          {found && (byPage || (byHand && wantsPage)) && <SignInCard way={offered} name={found.oauth || t("signin.provider")} address={form.address} hosts={hosts} signedIn={signedIn} initial={draft?.app} onLeave={(app) => keepDraft({ form: typed, app, byHand })} />}
          {found && byHand && !wantsPage && <p className="bare-line"><Button size="compact" look="bare" icon="key" onClick={() => setWantsPage(true)}>{t("signin.instead")}</Button></p>}
          {isSimple && found.oauth && found.password !== "none" && !signedIn && <p className="bare-line"><Button size="compact" look="bare" onClick={() => setWantsPassword(!wantsPassword)}>{wantsPassword ? t("signin.byPage", { name: found.oauth }) : t("signin.byPassword")}</Button></p>}
          {isSimple && !byPage && !signedIn && found.password !== "none" && (
            <TextField label={t(`provider.password.${found.password}`)} type="password" autoComplete="new-password" required hint={t("provider.password.hint")} value={form.imap.password ?? ""} onChange={(event) => setPassword(event.target.value)} />
          )}
          {found && <TextField label={t("inboxes.name")} hint={t("inboxes.name.hint")} value={form.name} wrong={about("name")} onChange={(event) => set({ name: event.target.value })} />}
          {found && byHand && (
            <>
              <ServerFields kind="imap" title={t("inboxes.receiving")} on={form.receives} server={form.imap} onOn={(receives) => set({ receives })} onChange={(imap) => set({ imap: { ...form.imap, ...imap } })} />
              <ServerFields kind="smtp" title={t("inboxes.sending")} on={form.sends} server={form.smtp} onOn={(sends) => set({ sends })} onChange={(smtp) => set({ smtp: { ...form.smtp, ...smtp } })} />
            </>
          )}
          {found && !isPersonal(found) && settled.sends && settled.smtp.host && <DomainCard address={settled.address.trim()} host={settled.smtp.host} />}
        </div>
        <aside className="column stays">
          {found && <ServerChecks form={settled} />}
          {found && !isPersonal(found) && <DomainWarning address={form.address} />}
          <Button type="submit" look="primary" size="wide big" busy={save.isPending} disabled={!found || (byPage && !signedIn)}>{t("inboxes.connect")}</Button>
          <p className="quiet">{t("inboxes.promise")}</p>
        </aside>
      </form>
    </Page>
  );
}

/** When nothing could be found out, everything is entered by hand. */
const nobody: Recognition = { provider: "", name: "", mx: "", password: "own", link: "", username: "", oauth: "", imap: null, smtp: null };

/** An address at a provider's own domain proves nothing about a company. */
const isPersonal = (found: { provider: string; mx: string }) => found.provider !== "" && found.mx === "";

/** Codes that prove who owns a domain are mailed to addresses like this one, and what is not recognised as one is read by everybody here. */
function DomainWarning({ address }: { address: string }) {
  const domain = address.trim().split("@").at(-1) ?? "";
  return (
    <Card title={t("domain.proof.title")}>
      <div className="card-note"><p>{t("domain.proof.why", { domain })}</p><p>{t("domain.proof.do")}</p></div>
    </Card>
  );
}
