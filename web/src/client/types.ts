/** The nouns of the API. Times are RFC 3339, ids are plain numbers. */

export type Page<T> = { items: T[]; next_cursor: string | null };

export type Role = "owner" | "admin" | "agent" | "light";
export type Language = "en" | "ko" | "pl";
export type Theme = "system" | "light" | "dark";

export type Agent = {
  id: number; name: string; email: string; role: Role; state: "active" | "invited" | "deactivated"; photo_url: string | null;
  language: Language; time_zone: string; signature: string; theme?: Theme; team_ids: number[]; totp: boolean; last_seen_at: string | null;
};
export type Me = { agent: Agent; workspace: { id: number; name: string }; permissions: string[]; demo: boolean; version: string };
export type Session = { id: number; created_at: string; last_seen_at: string; ip: string; user_agent: string; current: boolean };
export type Team = { id: number; key: string; name: string; agent_ids: number[] };
export type ApiKey = { id: number; name: string; prefix: string; agent_id: number; created_at: string; last_used_at: string | null; expires_at: string | null };
export type Invited = { agent: Agent; invitation_url: string; mailed: boolean };

export type Security = "none" | "starttls" | "tls";
export type MailServer = { host: string; port: number; security: Security; username: string; has_password?: boolean; password?: string };
export type EmailSettings = { address: string; smtp: MailServer | null; imap: (MailServer & { folder: string }) | null };
export type Inbox = {
  id: number; key: string; name: string; channel: string; address?: string; email?: EmailSettings; reply_status: "pending" | "open" | "closed";
  reopen_days: number; signature: string; member_agent_ids: number[]; member_team_ids: number[]; state: "ok" | "trouble"; state_message: string; last_fetch_at: string | null;
};
export type ConnectionCheck = { name: "smtp" | "imap" | "address"; state: "ok" | "warning" | "failed"; message: string; hint?: string };

export type Status = "open" | "pending" | "on_hold" | "closed";
export type Priority = "low" | "normal" | "high" | "urgent";
export type AuthorKind = "contact" | "agent" | "bot" | "system";
export type Address = { name?: string; address: string };

export type Conversation = {
  id: number; number: number; subject: string; status: Status; priority: Priority; inbox_id: number; channel: string; contact_id: number;
  assignee_id: number | null; team_id: number | null; tags: string[]; snoozed_until: string | null; spam: boolean; created_at: string; last_activity_at: string;
  contact: { id: number; name: string; address: string }; excerpt: string; last_author_kind: AuthorKind; last_position: number; read_position: number;
  unread: boolean; draft: boolean; linked_conversation_id: number | null; version: number;
};
export type Participant = {
  kind: "contact" | "agent"; id: number | null; name: string; address: string; role: "customer" | "cc" | "unverified";
  verified: "pass" | "none" | "fail" | "unchecked";
};
export type ConversationDetail = Conversation & { participants: Participant[]; permissions: string[] };

export type Attachment = { id: number; name: string; content_type: string; size: number; url: string; inline?: boolean; content_id?: string };
export type DeliveryState = "held" | "queued" | "sending" | "delayed" | "sent" | "failed" | "bounced" | "cancelled";
export type Delivery = { state: DeliveryState; reason: string; until: string | null; recipients?: { address: string; state: DeliveryState; reason: string }[] };
export type Message = {
  id: number; position: number; kind: "inbound" | "reply" | "note"; class: "human" | "auto_reply" | "bounce" | "list";
  author: { kind: AuthorKind; id: number | null; name: string; address: string; photo_url: string | null };
  to: Address[]; cc: Address[]; bcc: Address[]; text: string; html: string | null; reply_text: string; has_quote: boolean; attachments: Attachment[];
  created_at: string; sent_at: string | null; delivery: Delivery | null; client_id: string | null; flags: string[]; verified: string; language: string; mentions: number[];
};
export type DraftKind = "reply" | "note";
export type Draft = {
  text: string; html: string; to: Address[]; cc: Address[]; bcc: Address[]; attachment_ids: number[]; attachments?: Attachment[]; updated_at: string; version: number;
};
export type NewMessage = {
  kind: DraftKind; text: string; html?: string; attachment_ids?: number[]; to?: Address[]; cc?: Address[]; bcc?: Address[]; hold_seconds?: number;
  client_id: string; close?: boolean; seen_position?: number;
};
export type NewConversation = {
  inbox_id: number; subject: string; to: Address[]; cc?: Address[]; bcc?: Address[]; text: string; html?: string; attachment_ids?: number[]; client_id: string;
};
export type HistoryItem = { seq: number; at: string; kind: string; actor: { kind: AuthorKind; id: number | null; name: string }; data: Record<string, unknown> };
export type View = { key: string; group: "standard" | "inbox" | "team"; name: string; count: number; more: boolean; unread: number };
export type TagCount = { name: string; count: number };
export type PresenceState = "viewing" | "replying" | "idle";

export type Contact = {
  id: number; name: string; addresses: { kind: "email" | "phone"; address: string; verified: boolean }[]; external_ids: { system: string; id: string }[];
  company_id: number | null; company: { id: number; name: string; domain: string } | null; language: string; time_zone: string; city: string; note: string;
  since: string | null; created_at: string; conversation_count: number; last_seen_at: string | null; photo_url: string | null;
};
export type Company = { id: number; name: string; domain: string; contact_count: number };

export type CheckState = "ok" | "warning" | "failed";
export type Health = {
  checks: { key: string; state: CheckState; title: string; message: string; since?: string }[]; version: string; started_at: string;
  counters: { accepted: number; applied: number; rejected: number; quarantined: number; in_flight: number };
};
export type MailState = "received" | "applied" | "rejected" | "quarantined";
export type Mail = {
  id: number; received_at: string; inbox_id: number; inbox: string; state: MailState; reason: string; from: string; subject: string; size: number;
  conversation_id: number | null; attempts: number;
};
export type Job = { id: number; kind: string; state: string; attempt: number; max_attempts: number; run_at: string; last_error: string; created_at: string; subject: string };
export type Parked = { reader: string; seq: number; kind: string; error: string; at: string };
export type OutgoingMail = { id: number; at: string; from: string; to: string[]; subject: string; text: string; html: string | null; raw_url: string };

export type Frame =
  | { type: "hello"; cursor: string }
  | { type: "event"; cursor: string; seq: number; kind: string; conversation_id: number | null; contact_id: number | null; actor: { kind: AuthorKind; id: number | null }; at: string; data: Record<string, unknown> }
  | { type: "gone"; id: number; cursor: string }
  | { type: "reset"; reason: string }
  | { type: "presence"; conversation_id: number; agents: { id: number; state: PresenceState }[] }
  | { type: "views" };
export type EventFrame = Extract<Frame, { type: "event" }>;
