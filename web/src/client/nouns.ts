/** The nouns of the API as the server describes them, and short names for their parts. Times are RFC 3339. */
import type * as described from "../../../api/client";
import type { Agent, Conversation, Delivery, Draft, Health, Mail, Message, NewMailServer, PresentAgent } from "../../../api/client";

export type * from "../../../api/client";

export type Page<T> = { items: T[]; next_cursor: string | null };

export type Role = Agent["role"];
export type Language = Agent["language"];
export type Theme = NonNullable<Agent["theme"]>;
export type Status = Conversation["status"];
export type Priority = Conversation["priority"];
export type AuthorKind = Message["author"]["kind"];
export type DraftKind = Draft["kind"];
export type DeliveryState = Delivery["state"];
export type PresenceState = PresentAgent["state"] | "noting";
export type CheckState = Health["checks"][number]["state"];
export type MailState = Mail["state"];
export type Security = NewMailServer["security"];

/** What chat adds to the API. */
export type OfficeDay = { day: number; from: string; to: string };
export type ChatSettings = {
  site_key: string;
  brand: string;
  position: "end" | "start";
  greeting: Record<string, string>;
  language: string;
  allowed_origins: string[];
  hours: { time_zone: string; days: OfficeDay[] };
  ask_email: boolean;
  show_team: boolean;
  show_launcher: boolean;
  files: boolean;
  mail_inbox_id: number | null;
  has_identity_secret: boolean;
};
export type ChatChange = Partial<Omit<ChatSettings, "site_key" | "has_identity_secret">>;
export type Installation = { seen_at: string | null; origin: string; refused_origin: string; refused_at: string | null };
export type Inbox = Omit<described.Inbox, "channel"> & { channel: "email" | "chat" | "form"; chat?: ChatSettings | null };
export type InboxChange = described.InboxChange & { chat?: ChatChange };

/** The visitor of a chat, as far as they are known. */
export type Visitor = {
  online: boolean;
  typing: boolean;
  delivered_position: number;
  seen_position: number;
  /** Replies up to here, as far as they were not seen, have gone by mail. */
  mailed_position?: number;
  page: string;
  email: string;
  email_verified: boolean;
  known: boolean;
  language: string;
  time_zone: string;
};
export type ConversationDetail = described.ConversationDetail & { chat?: Visitor | null };
export type VisitorFrame = { type: "visitor"; conversation_id: number } & Pick<Visitor, "online" | "typing" | "delivered_position" | "seen_position">;
export type Frame = described.Frame | VisitorFrame;
