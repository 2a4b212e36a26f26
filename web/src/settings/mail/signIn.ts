import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, type KeyboardEvent } from "react";
import { api } from "../../client/fetch";
import type { Authorization, AuthorizationAnswer, BegunAuthorization, NewAuthorization, NewMailServer, SignInApps } from "../../client/nouns";
import type { MailForm } from "../mailServers";

const keys = {
  apps: ["settings", "mail-apps"] as const,
  one: (id: number) => ["settings", "mail-authorization", id] as const,
  answer: (state: string) => ["settings", "mail-return", state] as const,
};

/** What the company has registered at providers, and the address to register. */
export function useMailApps() {
  return useQuery({ queryKey: keys.apps, queryFn: () => api.get<SignInApps>("/mail-authorizations/apps"), staleTime: 0, meta: { quiet: true } });
}

/** A sign-in at a provider; without an id there is none. */
export function useAuthorization(id: number | undefined) {
  return useQuery({ queryKey: keys.one(id ?? 0), enabled: Boolean(id), retry: false, meta: { quiet: true }, queryFn: () => api.get<Authorization>(`/mail-authorizations/${id}`) });
}

/** Sets out for the provider's page; the browser leaves. It may come back by its back button with the page as it was, so that one can set out again. */
export function useSetOut() {
  const setOut = useMutation({ mutationFn: (body: NewAuthorization) => api.post<BegunAuthorization>("/mail-authorizations", body), meta: { quiet: true }, onSuccess: ({ url }) => window.location.assign(url) });
  const { reset } = setOut;
  useEffect(() => {
    const back = ({ persisted }: PageTransitionEvent) => persisted && reset();
    window.addEventListener("pageshow", back);
    return () => window.removeEventListener("pageshow", back);
  }, [reset]);
  return setOut;
}

/** Enter in a field of a card does what the card is for, not what the form is for in which it stands. */
export function byEnter(run: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    run();
  };
}

/** Hands in what the provider has answered, once. */
export function useComeBack(answer: AuthorizationAnswer) {
  return useQuery({
    queryKey: keys.answer(answer.state), retry: false, staleTime: Infinity, gcTime: Infinity, meta: { quiet: true },
    queryFn: () => api.post<Authorization>("/mail-authorizations/completion", answer),
  });
}

/** What one enters about the company's app at a provider. */
export type AppFields = { client_id: string; client_secret: string; tenant: string; authorize_url: string; token_url: string; scope: string };

/** The set-up as it was left, when its owner went to the provider's page. */
type SetUp = { form: MailForm; app: AppFields; byHand: boolean };

const draftKey = "rapport.mailbox";

/** Keeps what was entered while its owner is at the provider; passwords and secrets never. */
export function keepDraft({ form, app, byHand }: SetUp) {
  const bare = ({ password: _, ...server }: NewMailServer) => server;
  sessionStorage.setItem(draftKey, JSON.stringify({ form: { ...form, imap: bare(form.imap), smtp: bare(form.smtp) }, app: { ...app, client_secret: "" }, byHand }));
}

/** What was kept, or nothing. */
export function keptDraft(): SetUp | null {
  try {
    return JSON.parse(sessionStorage.getItem(draftKey) ?? "null") as SetUp | null;
  } catch {
    return null;
  }
}

export function dropDraft() {
  sessionStorage.removeItem(draftKey);
}

/** The form with a sign-in in the place of passwords, where it is for this address and these servers. */
export function withSignIn(form: MailForm, signedIn: Authorization | undefined): MailForm {
  if (signedIn?.state !== "given" || signedIn.address !== form.address.trim().toLowerCase()) return form;
  const use = (server: NewMailServer, host: string): NewMailServer =>
    host && server.host.trim().toLowerCase() === host.toLowerCase() ? { ...server, password: "", authorization_id: signedIn.id } : server;
  return { ...form, imap: use(form.imap, signedIn.imap_host), smtp: use(form.smtp, signedIn.smtp_host) };
}
