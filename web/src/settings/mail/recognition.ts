import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../../client/fetch";
import type { FoundServer, InboxTestResult, NewMailServer, Recognition } from "../../client/nouns";
import { settingsOf, type MailForm } from "../mailServers";

export type Kind = "imap" | "smtp";

const TYPING_MS = 600;
const looksWhole = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** Who keeps the mail of an address: asked when one has stopped typing it. */
export function useRecognition(address: string) {
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const later = window.setTimeout(() => setAsked(looksWhole.test(address.trim()) ? address.trim() : ""), TYPING_MS);
    return () => window.clearTimeout(later);
  }, [address]);
  return useQuery({
    queryKey: ["settings", "recognition", asked], enabled: asked !== "", retry: false, staleTime: Infinity, meta: { quiet: true },
    queryFn: () => api.post<Recognition>("/inboxes/recognise", { address: asked }),
  });
}

/** The servers of a recognised address, as if somebody had typed them. What has been typed already stays. */
export function withFound(form: MailForm, found: Recognition): MailForm {
  const fill = (server: NewMailServer, from: FoundServer | null): NewMailServer =>
    from ? { ...server, ...from, username: found.username === form.address.trim().toLowerCase() ? "" : found.username } : server;
  return { ...form, imap: fill(form.imap, found.imap), smtp: fill(form.smtp, found.smtp) };
}

/** What a check of one server needs, or null as long as something is missing. A password is never tried while it is being typed: mail servers lock who guesses. */
export function checkable(form: MailForm, kind: Kind): { address: string; server: NewMailServer } | null {
  const email = settingsOf(form);
  const server = email[kind];
  if (!server?.host || !server.port || !looksWhole.test(email.address)) return null;
  const needsPassword = kind === "imap" || server.security !== "none" || Boolean(server.username);
  return needsPassword && !server.password && !server.authorization_id ? null : { address: email.address, server };
}

/** Tries one server, each set of settings once, until one asks again. */
export function useServerCheck(kind: Kind, settings: ReturnType<typeof checkable>) {
  return useQuery({
    queryKey: ["settings", "server-check", kind, settings], enabled: settings !== null, retry: false, staleTime: Infinity, gcTime: 0, meta: { quiet: true },
    queryFn: async () => {
      const { checks } = await api.post<InboxTestResult>("/inboxes/test", { email: { address: settings!.address, [kind]: settings!.server } });
      return checks.find(({ name }) => name === kind) ?? null;
    },
  });
}
