// What the server says under /widget/v1, and what loader and panel say to each other.

export interface Site {
  name: string;
  brand: string;
  position: "end" | "start";
  language: string;
  fallback_language?: string;
  greeting: Record<string, string>;
  files: boolean;
  ask_email: boolean;
  mail: boolean;
  show_launcher: boolean;
  open: boolean;
  opens_at: string | null;
  closes_at: string | null;
  time_zone: string;
  usual_reply_seconds: number | null;
  team?: Face[];
}

export interface Face {
  name: string;
  photo_url: string | null;
}

export interface Visitor {
  id: number;
  name: string;
  email: string;
  known: boolean;
}

export interface Conversation {
  id: number;
  status: "open" | "closed";
  closed_at: string | null;
  subject: string;
  last: { author: Author; text: string; created_at: string } | null;
  last_position: number;
  seen_position: number;
  agents_seen_position: number;
  mailed_position: number;
  unread: number;
  promise_at: string | null;
  with: Face | null;
}

export interface Author {
  kind: "visitor" | "agent" | "bot" | "system";
  name: string;
  photo_url: string | null;
}

export interface Attachment {
  id: number;
  name: string;
  content_type: string;
  size: number;
  url?: string;
}

export interface Message {
  id: number;
  conversation_id: number;
  position: number;
  author: Author;
  text: string;
  html: string | null;
  attachments: Attachment[];
  created_at: string;
  client_id: string | null;
}

export type Frame =
  | { type: "hello" }
  | { type: "message"; message: Message }
  | { type: "typing"; conversation_id: number; name: string; typing: boolean }
  | { type: "marks"; conversation_id: number; agents_seen_position: number }
  | { type: "conversation"; conversation: Conversation }
  | { type: "reset" };

export type Screen = "home" | "messages" | "conversation";
export type EventName = "ready" | "open" | "close" | "message" | "unread" | "error";

export interface BootOptions {
  site?: string;
  identity?: string;
  language?: string;
  launcher?: boolean;
}

/** What the loader hands to the panel. */
export interface Shell {
  base: string; // https://support.example
  key: string; // st_…
  site: Site;
  language: string;
  identity: string | undefined;
  host: HTMLElement;
  root: ShadowRoot;
  launcher: HTMLButtonElement | undefined;
  emit(event: EventName, detail?: unknown): void;
}

/** What the panel gives back. */
export interface Panel {
  open(text?: string): void;
  close(): void;
  toggle(): void;
  show(screen: Screen, id?: number): void;
  identify(jwt: string): Promise<void>;
  track(name: string, data?: unknown): void;
  shutdown(): Promise<void>;
}
