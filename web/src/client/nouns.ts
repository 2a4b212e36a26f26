/** The nouns of the API as the server describes them, and short names for their parts. Times are RFC 3339. */
import type { Agent, Chat, ChatHourDay, Conversation, Delivery, Draft, Health, Mail, Message, NewChat, NewMailServer, PresentAgent } from "../../../api/client";

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
/** The words of the screens: an office day is a stretch of one, chat settings are those of the inbox. */
export type OfficeDay = ChatHourDay;
export type ChatSettings = Chat;
export type ChatChange = NewChat;
