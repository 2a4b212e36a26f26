/** The nouns of the API as the server describes them, and short names for their parts. Times are RFC 3339. */
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
export type PresenceState = PresentAgent["state"];
export type CheckState = Health["checks"][number]["state"];
export type MailState = Mail["state"];
export type Security = NewMailServer["security"];
