import type { Inbox, NewEmailSettings, NewMailServer, Security } from "../client/nouns";

/** The form of an inbox: what one types, before it is what the API wants. */
export type MailForm = { name: string; address: string; sends: boolean; receives: boolean; smtp: NewMailServer; imap: NewMailServer };

export const usualPort: Record<"smtp" | "imap", Record<Security, number>> = {
  smtp: { tls: 465, starttls: 587, none: 25 },
  imap: { tls: 993, starttls: 143, none: 143 },
};

const server = (port: number): NewMailServer => ({ host: "", port, security: "tls", username: "", password: "" });

export function formOf(inbox: Inbox | undefined): MailForm {
  const email = inbox?.email;
  return {
    name: inbox?.name ?? "", address: email?.address ?? "", sends: inbox ? email?.smtp != null : true, receives: inbox ? email?.imap != null : true,
    smtp: { ...server(usualPort.smtp.tls), ...email?.smtp }, imap: { ...server(usualPort.imap.tls), folder: "INBOX", ...email?.imap },
  };
}

/** An empty password field keeps the stored one. A server that wants no password is told no user name either. */
export function settingsOf(form: MailForm): NewEmailSettings {
  const clean = ({ has_password, password, ...rest }: NewMailServer): NewMailServer => {
    const username = rest.username || (password || has_password || rest.authorization_id ? form.address.trim() : "");
    return { ...rest, host: rest.host.trim(), username, ...(password && !rest.authorization_id && { password }) };
  };
  return { address: form.address.trim(), ...(form.receives && { imap: clean(form.imap) }), ...(form.sends && { smtp: clean(form.smtp) }) };
}

/** The port follows the kind of protection as long as nobody has chosen another. */
export function withSecurity<T extends NewMailServer>(kind: "smtp" | "imap", from: T, security: Security): T {
  const isUsual = Object.values(usualPort[kind]).includes(from.port);
  return { ...from, security, port: isUsual ? usualPort[kind][security] : from.port };
}
