// Generated from openapi.json by make generate. Do not edit.

export type AcceptedInvitation = {
  name: string;
  password: string;
};

export type Acknowledgement = {
  /** For customers whose language is none of these. */
  language: "en" | "ko" | "pl";
  on: boolean;
  texts: AcknowledgementText[];
};

export type AcknowledgementPreview = {
  subject: string;
  text: string;
};

export type AcknowledgementText = {
  language: "en" | "ko" | "pl";
  /** The words it comes with; ignored when sent. */
  shipped?: string;
  /** With {{customer.name|there}}, {{customer.first_name|there}}, {{conversation.number}} and {{inbox.name}}. Empty: the words it comes with. */
  text: string;
};

export type Address = {
  address: string;
  name?: string;
};

export type AddressToRecognise = {
  address: string;
};

export type Agent = {
  email: string;
  id: number;
  language: "en" | "ko" | "pl";
  last_seen_at: string | null;
  name: string;
  photo_url: string | null;
  /** What signature_html shows. */
  pictures: Picture[];
  /** What visitors of a chat see; empty is the name. */
  public_name: string;
  role: "owner" | "admin" | "agent" | "light";
  /** In plain words, without its pictures. */
  signature: string;
  /** Empty when it has no looks. */
  signature_html: string;
  state: "active" | "invited" | "deactivated";
  team_ids: number[];
  theme?: "system" | "light" | "dark";
  time_zone: string;
  totp: boolean;
};

export type AgentChange = {
  name?: string;
  role?: "owner" | "admin" | "agent" | "light";
  team_ids?: number[];
};

export type ApiKey = {
  agent_id: number;
  created_at: string;
  expires_at: string | null;
  id: number;
  last_used_at: string | null;
  name: string;
  prefix: string;
};

export type Attachment = {
  content_id?: string;
  content_type: string;
  id: number;
  inline?: boolean;
  name: string;
  size: number;
  /** Works for a short time, without signing in. */
  url: string;
};

export type Author = {
  address: string;
  id: number | null;
  kind: "contact" | "agent" | "bot" | "system";
  name: string;
  photo_url: string | null;
};

export type Authorization = {
  address: string;
  id: number;
  imap_host: string;
  /** The inbox that uses it. */
  inbox_id: number | null;
  /** Whom one signs in with. */
  name: string;
  provider: "google" | "microsoft" | "custom";
  /** Why it was lost. */
  reason: string;
  smtp_host: string;
  state: "asked" | "given" | "lost";
};

export type AuthorizationAnswer = {
  code?: string;
  error?: string;
  state: string;
};

export type Before = {
  assignee_id: number | null;
  priority: "low" | "normal" | "high" | "urgent";
  snoozed_until: string | null;
  status: "open" | "pending" | "on_hold" | "closed";
  tags: string[];
  team_id: number | null;
};

export type BegunAuthorization = {
  authorization_id: number;
  /** The provider's page, to be opened in the browser of whoever asked, within 15 minutes. */
  url: string;
};

export type BulkBefore = {
  assignee_id: number | null;
  priority: "low" | "normal" | "high" | "urgent";
  snoozed_until: string | null;
  spam: boolean;
  status: "open" | "pending" | "on_hold" | "closed";
  tags: string[];
  team_id: number | null;
};

export type BulkChange = {
  /** Taken back. */
  back: number;
  changed: number;
  created_at: string;
  id: number;
  /** All of up to 500; of more those that were refused or kept. */
  items: BulkItem[];
  /** Not taken back: somebody has changed them since. */
  kept: number;
  refused: number;
  /** There was nothing to change. */
  same: number;
  state: "running" | "done" | "undoing" | "undone";
  total: number;
  waiting: number;
};

export type BulkFilter = {
  assignee_id?: number;
  contact_id?: number;
  inbox_id?: number;
  q?: string;
  status?: "open" | "pending" | "on_hold" | "closed";
  tag?: string;
  team_id?: number;
  view?: string;
};

export type BulkItem = {
  before: BulkBefore | null;
  conversation_id: number;
  number: number | null;
  reason: string;
  state: "waiting" | "changed" | "same" | "refused" | "back" | "kept";
};

export type ChangedView = {
  columns?: ("tags" | "assignee" | "team" | "inbox" | "priority" | "number" | "created")[];
  conditions: Conditions;
  name: string;
  shared: boolean;
  sort?: "newest" | "oldest" | "created" | "priority";
  /** The one that was read: when it has moved nothing is changed. */
  version?: number;
};

export type Chat = {
  allowed_origins: string[];
  ask_email: boolean;
  brand: string;
  files: boolean;
  /** By language. A missing one is said in our own words. */
  greeting: Record<string, string>;
  has_identity_secret: boolean;
  hours: ChatHours;
  /** auto, or a language such as en, ko or pl. */
  language: string;
  /** The e-mail inbox through which unseen answers leave; null is the first one. */
  mail_inbox_id: number | null;
  position: "end" | "start";
  show_launcher: boolean;
  show_team: boolean;
  /** Names the chat to the widget; public. */
  site_key: string;
};

export type ChatHourDay = {
  day: number;
  from: string;
  /** 24:00 is the end of the day. */
  to: string;
};

export type ChatHours = {
  days: ChatHourDay[];
  time_zone: string;
};

export type Company = {
  contact_count: number;
  domain: string;
  id: number;
  name: string;
};

export type CompanyChange = {
  domain?: string;
  name?: string;
};

export type Condition = {
  field: "inbox" | "team" | "assignee" | "status" | "priority" | "tag" | "channel" | "customer" | "company" | "spam" | "draft" | "unread" | "waiting" | "created" | "activity" | "subject" | "text";
  relation: "is" | "is_not" | "within" | "before" | "contains" | "not_contains";
  /** Ids, codes or words by the field; me and nobody; yes or no; a time such as 4h or 3d. */
  values: string[];
};

export type Conditions = {
  /** All of these hold. */
  all: Condition[];
  /** At least one of these holds, if there are any. */
  any: Condition[];
};

export type ConnectionCheck = {
  hint?: string;
  message: string;
  name: "smtp" | "imap" | "address";
  state: "ok" | "warning" | "failed";
};

export type Contact = {
  addresses: ContactAddress[];
  /** What they write is refused. */
  blocked: boolean;
  city: string;
  company: Employer | null;
  company_id: number | null;
  conversation_count: number;
  created_at: string;
  external_ids: ExternalID[];
  id: number;
  language: string;
  last_seen_at: string | null;
  name: string;
  note: string;
  photo_url: string | null;
  since: string | null;
  time_zone: string;
};

export type ContactAddress = {
  address: string;
  kind: "email" | "phone";
  verified?: boolean;
};

export type ContactChange = {
  addresses?: ContactAddress[];
  blocked?: boolean;
  city?: string;
  company_id?: number | null;
  language?: string;
  name?: string;
  note?: string;
  time_zone?: string;
};

export type Conversation = {
  assignee_id: number | null;
  channel: string;
  contact: ConversationPerson;
  contact_id: number;
  created_at: string;
  draft: boolean;
  excerpt: string;
  id: number;
  inbox_id: number;
  last_activity_at: string;
  last_author_kind: "contact" | "agent" | "bot" | "system";
  last_position: number;
  linked_conversation_id: number | null;
  number: number;
  priority: "low" | "normal" | "high" | "urgent";
  read_position: number;
  snoozed_until: string | null;
  spam: boolean;
  status: "open" | "pending" | "on_hold" | "closed";
  subject: string;
  tags: string[];
  team_id: number | null;
  unread: boolean;
  version: number;
};

export type ConversationDetail = {
  assignee_id: number | null;
  channel: string;
  chat: Visitor | null;
  contact: ConversationPerson;
  contact_id: number;
  created_at: string;
  draft: boolean;
  excerpt: string;
  id: number;
  inbox_id: number;
  last_activity_at: string;
  last_author_kind: "contact" | "agent" | "bot" | "system";
  last_position: number;
  linked_conversation_id: number | null;
  number: number;
  participants: Participant[];
  permissions: string[];
  priority: "low" | "normal" | "high" | "urgent";
  read_position: number;
  snoozed_until: string | null;
  spam: boolean;
  status: "open" | "pending" | "on_hold" | "closed";
  subject: string;
  tags: string[];
  team_id: number | null;
  unread: boolean;
  version: number;
};

export type ConversationPerson = {
  address: string;
  id: number;
  name: string;
};

export type CreatedApiKey = {
  key: ApiKey;
  /** Shown once. */
  token: string;
};

export type CustomProvider = {
  authorize_url: string;
  imap_host: string;
  /** Where tokens that nobody needs any more are taken back (RFC 7009), on the host of token_url; nowhere when empty. */
  revoke_url?: string;
  scope: string;
  smtp_host: string;
  token_url: string;
};

export type DNSLine = {
  name: string;
  /** It stands in the DNS already. */
  seen: boolean;
  type: string;
  value: string;
};

export type Deactivation = {
  hand_over_to_agent_id?: number;
  hand_over_to_team_id?: number;
};

export type Delivery = {
  reason: string;
  recipients?: RecipientDelivery[];
  state: "held" | "queued" | "sending" | "delayed" | "sent" | "failed" | "bounced" | "cancelled";
  until: string | null;
};

export type Doer = {
  id: number | null;
  kind: "contact" | "agent" | "bot" | "system";
  name: string;
};

export type DomainCheck = {
  /** Of dkim: a new key of Rapport can be made. */
  can_make_key: boolean;
  hint: string;
  /** To be published where the domain is managed. */
  lines: DNSLine[];
  message: string;
  name: "spf" | "dkim" | "dmarc";
  state: "ok" | "warning" | "failed";
};

export type DomainOfKey = {
  address: string;
};

export type DomainToCheck = {
  address: string;
  check: "spf" | "dkim" | "dmarc";
  /** The server that its mail leaves through. */
  smtp_host: string;
};

export type Draft = {
  attachment_ids: number[];
  attachments: Attachment[];
  bcc: Address[];
  cc: Address[];
  conversation_id: number;
  /** It goes to who wrote last, or to everybody on that mail, whoever that is by now; empty: to those named. */
  follows: "" | "one" | "all";
  html: string;
  kind: "reply" | "note";
  /** Teammates may read it. */
  shared: boolean;
  text: string;
  to: Address[];
  updated_at: string;
  /** 0 when nothing is begun. */
  version: number;
};

export type DraftChange = {
  attachment_ids?: number[];
  bcc?: Address[];
  cc?: Address[];
  follows?: "" | "one" | "all";
  html?: string;
  /** Whether teammates may read it; without it that stays as it is. */
  shared?: boolean;
  text: string;
  to?: Address[];
  /** Of the draft that was read; refused when it has moved. */
  version?: number;
};

export type EmailSettings = {
  address: string;
  imap: MailBox | null;
  smtp: MailServer | null;
};

export type Employer = {
  domain: string;
  id: number;
  name: string;
};

export type Event = {
  actor: EventActor;
  at: string;
  contact_id: number | null;
  conversation_id: number | null;
  data: Record<string, unknown>;
  /** the same for everybody and for ever; says nothing of order */
  id: string;
  kind: string;
};

export type EventActor = {
  id: number | null;
  kind: "contact" | "agent" | "bot" | "system";
};

export type EventFrame = {
  actor: EventActor;
  at: string;
  contact_id: number | null;
  conversation_id: number | null;
  cursor: string;
  data: Record<string, unknown>;
  kind: string;
  type: "event";
};

export type ExternalID = {
  id: string;
  system: string;
};

export type Following = {
  mine: "watching" | "muted" | "neither";
  /** Agents. */
  watching: number[];
};

export type Form = {
  allowed_origins: string[];
  brand: string;
  fields: FormField[];
  /** Names the form to the public: it is at /forms/{form_key}. */
  form_key: string;
  intro: string;
  language: "auto" | "en" | "ko" | "pl";
  mail_inbox_id: number | null;
  thanks: string;
  title: string;
};

export type FormField = {
  hint?: string;
  key: string;
  /** May be empty for the keys name, email, phone, subject, message, order and file. */
  label?: string;
  options?: string[];
  required?: boolean;
  type: "text" | "email" | "phone" | "textarea" | "select" | "checkbox" | "number" | "date" | "file";
};

export type FormFile = {
  ContentType: string;
  Filename: string;
  IsSet: boolean;
  Size: number;
};

export type FormPreview = {
  /** As in a frame on a site. */
  embed?: boolean;
  form: NewForm;
  /** What the reader speaks, where the form leaves that open. */
  language?: "en" | "ko" | "pl";
  theme?: "light" | "dark";
};

export type FormPreviewPage = {
  html: string;
};

export type Forward = {
  /** Uploads, and files of what is passed on. */
  attachment_ids?: number[];
  bcc?: (string | Address)[];
  cc?: (string | Address)[];
  client_id?: string;
  /** Also pass on all that was said before, without notes. */
  history?: boolean;
  hold_seconds?: number;
  html?: string;
  /** One's own words above what is passed on. */
  text?: string;
  to: (string | Address)[];
};

export type FoundServer = {
  host: string;
  port: number;
  security: "none" | "starttls" | "tls";
};

export type Frame = HelloFrame | EventFrame | GoneFrame | ResetFrame | PresenceFrame | VisitorFrame | NotificationFrame;

export type GoneFrame = {
  cursor: string;
  id: number;
  type: "gone";
};

export type Health = {
  checks: HealthCheck[];
  counters: MailCounters;
  inboxes: InboxMails[];
  started_at: string;
  version: string;
};

export type HealthCheck = {
  key: "database" | "mailboxes" | "quarantine" | "jobs" | "outbox" | "cookies" | "disk" | "readers" | "backups" | "nodes" | "files";
  message: string;
  since?: string;
  state: "ok" | "warning" | "failed";
  title: string;
};

export type HelloFrame = {
  cursor: string;
  type: "hello";
};

export type HistoryActor = {
  id: number | null;
  kind: "contact" | "agent" | "bot" | "system";
  name: string;
};

export type HistoryItem = {
  actor: HistoryActor;
  at: string;
  data: Record<string, unknown>;
  id: string;
  kind: string;
};

export type IdentitySecret = {
  /** Signs identities with HS256; the one before has ended. */
  secret: string;
};

export type Inbox = {
  address: string;
  channel: "email" | "chat" | "form";
  chat: Chat | null;
  /** Only for those who may manage inboxes. */
  email: EmailSettings | null;
  form: Form | null;
  id: number;
  key: string;
  last_fetch_at: string | null;
  member_agent_ids: number[];
  member_team_ids: number[];
  name: string;
  /** What signature_html and template_html show. */
  pictures: Picture[];
  reopen_days: number;
  reply_status: "pending" | "open" | "closed";
  /** In plain words, without its pictures. */
  signature: string;
  /** Empty when it has no looks. */
  signature_html: string;
  /** reconnect: the provider no longer lets Rapport into the mailbox until somebody signs in again. */
  state: "ok" | "trouble" | "reconnect";
  state_message: string;
  /** Around the words of an answer, which stand at {{message}}. */
  template: string;
  template_html: string;
};

export type InboxChange = {
  chat?: NewChat;
  email?: NewEmailSettings;
  form?: NewForm;
  name?: string;
  reopen_days?: number;
  reply_status?: "pending" | "open" | "closed";
  /** Counts when there is no signature_html. */
  signature?: string;
  /** With pictures that the caller has uploaded as attachments: <img src="cid:file-7@rapport"> is attachment 7. */
  signature_html?: string;
  template?: string;
  template_html?: string;
};

export type InboxMails = {
  accepted: number;
  applied: number;
  in_flight: number;
  inbox: string;
  inbox_id: number;
  quarantined: number;
  rejected: number;
};

export type InboxTest = {
  email: NewEmailSettings;
  /** Keeps the stored passwords of this inbox. */
  inbox_id?: number;
};

export type InboxTestResult = {
  checks: ConnectionCheck[];
};

export type Installation = {
  origin: string;
  refused_at: string | null;
  /** The last site that was refused: allow it if it is yours. */
  refused_origin: string;
  seen_at: string | null;
};

export type Invitation = {
  email: string;
  name: string;
  workspace: string;
};

export type InvitationAgain = {
  invitation_url: string;
  mailed: boolean;
};

export type Invited = {
  agent: Agent;
  invitation_url: string;
  mailed: boolean;
};

export type Job = {
  attempt: number;
  created_at: string;
  id: number;
  kind: string;
  last_error: string;
  max_attempts: number;
  run_at: string;
  state: "dead" | "retrying" | "running" | "waiting";
  /** What it works on. */
  subject: string;
};

export type Macro = {
  actions: MacroAction[];
  /** Empty: in none. */
  folder: string;
  id: number;
  /** Stable, for export and import. */
  key: string;
  last_used_at: string | null;
  name: string;
  /** Whose it is; null when it is shared. */
  owner_id: number | null;
  shared: boolean;
  updated_at: string;
  uses: number;
};

export type MacroAction = {
  /** Tags. */
  add?: string[];
  /** Assign to a teammate; null: to nobody. */
  agent_id?: number;
  do: "reply" | "note" | "assign" | "team" | "tags" | "status" | "priority" | "snooze";
  /** Of a reply. */
  html?: string;
  /** Assign to whoever runs the macro. */
  me?: boolean;
  priority?: "low" | "normal" | "high" | "urgent";
  /** Tags. */
  remove?: string[];
  status?: "open" | "pending" | "on_hold" | "closed";
  /** Null: no team. */
  team_id?: number;
  /** Of a reply, which is put into the composer and never sent by itself, or of a note. */
  text?: string;
  until?: "later_today" | "tomorrow" | "monday" | "next_week";
};

export type MacroBody = {
  actions: MacroAction[];
  folder?: string;
  name: string;
  shared?: boolean;
};

export type MacroOutcomeConversation = {
  before: Before | null;
  /** Null when nothing was done to it. */
  conversation: Conversation | null;
  conversation_id: number;
  /** Why nothing was done to it; empty when all was. */
  problem: string;
};

export type MacroRanConversation = {
  before: Before;
  conversation: Conversation;
  reply: ReplyText | null;
};

export type MacroRun = {
  /** The same id runs the macro once. */
  client_id?: string;
  /** In which tomorrow is meant; that of one's profile without it. */
  time_zone?: string;
};

export type MacroRunOnMany = {
  /** The same id runs the macro once. */
  client_id?: string;
  conversation_ids: number[];
  /** In which tomorrow is meant; that of one's profile without it. */
  time_zone?: string;
};

export type Mail = {
  attempts: number;
  conversation_id: number | null;
  from: string;
  id: number;
  inbox: string;
  inbox_id: number;
  reason: string;
  received_at: string;
  size: number;
  state: "received" | "applied" | "rejected" | "quarantined";
  subject: string;
};

export type MailBox = {
  /** The sign-in at the provider that stands in place of a password. */
  authorization_id?: number;
  folder: string;
  has_password: boolean;
  history: "now" | "all";
  host: string;
  port: number;
  security: "none" | "starttls" | "tls";
  username: string;
};

export type MailCounters = {
  accepted: number;
  applied: number;
  in_flight: number;
  quarantined: number;
  rejected: number;
};

export type MailServer = {
  /** The sign-in at the provider that stands in place of a password. */
  authorization_id?: number;
  has_password: boolean;
  host: string;
  port: number;
  security: "none" | "starttls" | "tls";
  username: string;
};

export type Masked = {
  /** Of the sender's address. */
  domain: string;
  /** A sign-in code, a link that confirms an address, a password reset, a proof that a domain is owned. */
  kind: "code" | "link" | "reset" | "domain";
  /** By which it was recognised. */
  phrase: string;
  /** By name; empty: none that is known. */
  provider: string;
};

export type Me = {
  agent: Agent;
  /** Where to listen from, so that nothing is missed of what is read after this. */
  cursor: string;
  demo: boolean;
  permissions: string[];
  version: string;
  workspace: MyPlace;
};

export type MeChange = {
  language?: "en" | "ko" | "pl";
  name?: string;
  public_name?: string;
  /** Counts when there is no signature_html. */
  signature?: string;
  signature_html?: string;
  theme?: "system" | "light" | "dark";
  time_zone?: string;
};

export type Meanwhile = {
  at: string | null;
  by_id: number | null;
  by_kind: "contact" | "agent" | "bot" | "system";
  now: unknown;
};

export type Members = {
  agent_ids: number[];
  team_ids: number[];
};

export type Message = {
  attachments: Attachment[];
  author: Author;
  bcc: Address[];
  cc: Address[];
  class: "human" | "auto_reply" | "bounce" | "list";
  client_id: string | null;
  created_at: string;
  delivery: Delivery | null;
  flags: string[];
  has_quote: boolean;
  html: string | null;
  id: number;
  kind: "inbound" | "reply" | "note";
  language: string;
  /** Why the words are hidden; null: they are not. */
  masked: Masked | null;
  mentions: number[];
  position: number;
  /** The new words only. */
  reply_text: string;
  /** As the sender claims. */
  sent_at: string | null;
  text: string;
  to: Address[];
  /** pass: the sender's domain vouches for it; fail: it says that this is not its mail; none: it says nothing; unchecked: not found out; typed: only typed by somebody. */
  verified: string;
  verified_by: VerifiedBy;
};

export type MyPlace = {
  id: number;
  name: string;
};

export type NewAcknowledgementPreview = {
  language: "en" | "ko" | "pl";
  name: string;
  text: string;
};

export type NewAgent = {
  email: string;
  inbox_ids?: number[];
  name: string;
  role: "owner" | "admin" | "agent" | "light";
  team_ids?: number[];
};

export type NewApiKey = {
  expires_at?: string;
  name: string;
};

export type NewAuthorization = {
  address?: string;
  /** Signs in again for this one; then only client_id and client_secret count beside it. */
  authorization_id?: number;
  /** Of the company's app at the provider; as stored when empty. */
  client_id?: string;
  /** As stored when empty. It never comes back. */
  client_secret?: string;
  custom?: CustomProvider;
  provider?: "google" | "microsoft" | "custom";
  /** Of Microsoft: the directory of a company; any when empty. */
  tenant?: string;
};

export type NewBulkChange = {
  add_tags?: string[];
  assignee_id?: number;
  client_id?: string;
  /** Which of the fields below is set. */
  do: "status" | "assignee" | "team" | "priority" | "tags" | "snooze" | "spam";
  /** In place of ids: all that the same list shows, at most 5,000. More than 500 are changed by a job. */
  filter?: BulkFilter;
  ids?: number[];
  priority?: "low" | "normal" | "high" | "urgent";
  remove_tags?: string[];
  snoozed_until?: string;
  spam?: boolean;
  status?: "open" | "pending" | "on_hold" | "closed";
  team_id?: number;
};

export type NewChat = {
  allowed_origins?: string[];
  ask_email?: boolean;
  brand?: string;
  files?: boolean;
  greeting?: Record<string, string>;
  /** Ignored: what was read may be sent back. */
  has_identity_secret?: boolean;
  hours?: ChatHours;
  language?: string;
  mail_inbox_id?: number | null;
  position?: "end" | "start";
  show_launcher?: boolean;
  show_team?: boolean;
  /** Ignored: what was read may be sent back. */
  site_key?: string;
};

export type NewCompany = {
  domain?: string;
  name: string;
};

export type NewContact = {
  addresses?: ContactAddress[];
  city?: string;
  company_id?: number;
  external_ids?: ExternalID[];
  language?: string;
  name?: string;
  note?: string;
  time_zone?: string;
};

export type NewConversation = {
  assignee_id?: number;
  attachment_ids?: number[];
  bcc?: (string | Address)[];
  cc?: (string | Address)[];
  client_id?: string;
  contact_id?: number;
  html?: string;
  inbox_id: number;
  subject: string;
  text: string;
  to?: (string | Address)[];
};

export type NewEmailSettings = {
  address: string;
  imap?: NewMailServer;
  smtp?: NewMailServer;
};

export type NewForm = {
  allowed_origins?: string[];
  brand?: string;
  fields?: FormField[];
  /** Ignored: what was read may be sent back. */
  form_key?: string;
  intro?: string;
  language?: "auto" | "en" | "ko" | "pl";
  /** The e-mail inbox through which answers leave; the first one when absent or 0. */
  mail_inbox_id?: number | null;
  thanks?: string;
  title?: string;
};

export type NewInbox = {
  channel: "email" | "chat" | "form";
  chat?: NewChat;
  email?: NewEmailSettings;
  form?: NewForm;
  name: string;
};

export type NewMailServer = {
  /** Signs in with this in place of a password. */
  authorization_id?: number;
  folder?: string;
  /** Ignored: what was read may be sent back. */
  has_password?: boolean;
  /** For a mailbox: take mail from now on (now), or all that is there already (all). */
  history?: "now" | "all";
  host: string;
  password?: string;
  port: number;
  security: "none" | "starttls" | "tls";
  username?: string;
};

export type NewMembers = {
  agent_ids?: number[];
  team_ids?: number[];
};

export type NewMessage = {
  attachment_ids?: number[];
  bcc?: (string | Address)[];
  cc?: (string | Address)[];
  client_id?: string;
  /** Also close the conversation. */
  close?: boolean;
  /** For so long the reply can be taken back. */
  hold_seconds?: number;
  /** A picture of attachment_ids stands in it as <img src="cid:file-7@rapport"> with its id. */
  html?: string;
  kind: "reply" | "note";
  /** In a note: agents meant, beside those its text names with @. */
  mentions?: number[];
  /** Refused with /problems/unseen when somebody else has written since. */
  seen_position?: number;
  send_at?: string;
  text: string;
  to?: (string | Address)[];
};

export type NewPassword = {
  password: string;
};

export type NewPushBrowser = {
  /** base64url */
  auth: string;
  device?: string;
  endpoint: string;
  /** base64url */
  p256dh: string;
};

export type NewSession = {
  code?: string;
  email: string;
  password: string;
};

export type NewSetup = {
  email: string;
  language?: string;
  name: string;
  password: string;
  token: string;
  workspace: string;
};

export type NewTeam = {
  agent_ids?: number[];
  name: string;
};

export type NewView = {
  columns?: ("tags" | "assignee" | "team" | "inbox" | "priority" | "number" | "created")[];
  conditions: Conditions;
  /** Of a view that is brought back or from elsewhere; made of the name otherwise. */
  key?: string;
  name: string;
  shared: boolean;
  sort?: "newest" | "oldest" | "created" | "priority";
};

export type NewestOne = {
  actor: EventActor;
  conversation_id: number;
  event: "mention" | "assigned" | "undelivered" | "reply" | "followed" | "unassigned";
  id: number;
  /** It stands in the list. */
  shown: boolean;
  /** The agent wants to hear it. */
  sound: boolean;
};

export type Notification = {
  actor: Doer;
  at: string;
  conversation_id: number;
  /** The newest. */
  event: "mention" | "assigned" | "undelivered" | "reply" | "followed" | "unassigned";
  excerpt: string;
  inbox_id: number;
  number: number;
  position: number;
  subject: string;
  total: number;
  unseen: number;
};

export type NotificationFrame = {
  /** null when something was seen. */
  newest: NewestOne | null;
  type: "notification";
  /** Conversations that hold something the agent was told of and has not seen. */
  unseen: number;
};

export type NotificationPreview = {
  /** The newest. */
  items: PreviewedNotification[];
  totals: NotificationTotals;
};

export type NotificationSettings = {
  /** A mail at eight with what is unseen. */
  digest: boolean;
  /** Pushes and mails say only that there is something. */
  hide_words: boolean;
  /** Events that are left out are told as usual. */
  matrix: NotificationWays[];
  quiet: QuietHours;
  /** Inboxes whose new conversations the caller is told of. */
  watched_inbox_ids: number[];
};

export type NotificationTotals = {
  app: number;
  /** Letters: one may be about several. */
  mail: number;
  push: number;
  sound: number;
};

export type NotificationWays = {
  app: boolean;
  event: "mention" | "assigned" | "undelivered" | "reply" | "followed" | "unassigned";
  mail: boolean;
  push: boolean;
  sound: boolean;
};

export type Notifications = {
  items: Notification[];
  /** Conversations that hold something unseen, also those behind the end of the list. */
  unseen: number;
};

export type OpenWork = {
  conversations: number;
};

export type Original = {
  address: string;
  /** Name of the teammate who forwarded it. */
  forwarder: string;
  /** The forward. */
  message_id: number;
  /** As the forwarded words say; nothing proves it. */
  name: string;
  state: "proposed" | "taken" | "declined";
};

export type OutgoingMail = {
  at: string;
  from: string;
  html: string | null;
  id: number;
  raw_url: string;
  subject: string;
  text: string;
  to: string[];
};

export type PageAgent = {
  items: Agent[];
  next_cursor: string | null;
};

export type PageApiKey = {
  items: ApiKey[];
  next_cursor: string | null;
};

export type PageCompany = {
  items: Company[];
  next_cursor: string | null;
};

export type PageContact = {
  items: Contact[];
  next_cursor: string | null;
};

export type PageConversation = {
  items: Conversation[];
  next_cursor: string | null;
};

export type PageDraft = {
  items: Draft[];
  next_cursor: string | null;
};

export type PageEvent = {
  items: Event[];
  next_cursor: string | null;
};

export type PageHistoryItem = {
  items: HistoryItem[];
  next_cursor: string | null;
};

export type PageInbox = {
  items: Inbox[];
  next_cursor: string | null;
};

export type PageJob = {
  items: Job[];
  next_cursor: string | null;
};

export type PageMacro = {
  items: Macro[];
  next_cursor: string | null;
};

export type PageMacroOutcomeConversation = {
  items: MacroOutcomeConversation[];
  next_cursor: string | null;
};

export type PageMail = {
  items: Mail[];
  next_cursor: string | null;
};

export type PageMessage = {
  items: Message[];
  next_cursor: string | null;
};

export type PageOutgoingMail = {
  items: OutgoingMail[];
  next_cursor: string | null;
};

export type PageParkedEvent = {
  items: ParkedEvent[];
  next_cursor: string | null;
};

export type PageSession = {
  items: Session[];
  next_cursor: string | null;
};

export type PageSnippet = {
  items: Snippet[];
  next_cursor: string | null;
};

export type PageSuppression = {
  items: Suppression[];
  next_cursor: string | null;
};

export type PageTagCount = {
  items: TagCount[];
  next_cursor: string | null;
};

export type PageTeam = {
  items: Team[];
  next_cursor: string | null;
};

export type PageTeammateDraft = {
  items: TeammateDraft[];
  next_cursor: string | null;
};

export type PageView = {
  items: View[];
  next_cursor: string | null;
};

export type PageWaitingMessage = {
  items: WaitingMessage[];
  next_cursor: string | null;
};

export type ParkedEvent = {
  at: string;
  error: string;
  kind: string;
  reader: string;
  seq: number;
};

export type Participant = {
  address: string;
  id: number | null;
  kind: "contact" | "agent";
  name: string;
  role: "customer" | "cc" | "unverified" | "agent";
  verified: "pass" | "none" | "fail" | "unchecked" | "typed";
};

export type PasswordChange = {
  current: string;
  new: string;
};

export type PasswordForgotten = {
  email: string;
};

export type Picture = {
  /** The HTML names it as cid:file-<id>@rapport. */
  id: number;
  /** Works for a short time, without signing in. */
  url: string;
};

export type PresenceFrame = {
  agents: PresentAgent[];
  conversation_id: number;
  type: "presence";
};

export type PresentAgent = {
  id: number;
  state: "viewing" | "replying" | "noting" | "idle";
};

export type PreviewedNotification = {
  actor: Doer;
  at: string;
  conversation_id: number;
  number: number;
  subject: string;
  ways: NotificationWays;
};

export type Problem = {
  detail: string;
  errors?: ProblemField[];
  /** The id of the request, as the server's log knows it. */
  instance?: string;
  /** Of the type /problems/overtaken: what somebody else has set. */
  meanwhile?: Meanwhile;
  status: number;
  title: string;
  type: string;
};

export type ProblemField = {
  location: string;
  message: string;
};

export type Push = {
  browsers: PushBrowser[];
  /** The applicationServerKey, base64url. */
  public_key: string;
};

export type PushBrowser = {
  created_at: string;
  device: string;
  id: number;
  reached_at: string | null;
};

export type PushTrial = {
  failed: number;
  /** Browsers that have ended it; they are forgotten. */
  gone: number;
  reached: number;
  reason: string;
};

export type QuietHours = {
  from: string;
  on: boolean;
  time_zone: string;
  to: string;
  /** What is urgent is told all the same. */
  urgent: boolean;
  /** Saturdays and Sundays are quiet as a whole. */
  weekend: boolean;
};

export type RecipientDelivery = {
  address: string;
  reason: string;
  state: "held" | "queued" | "sending" | "delayed" | "sent" | "failed" | "bounced" | "cancelled";
};

export type Recognition = {
  imap: FoundServer | null;
  /** Where that password is made, or mail programs are let in. */
  link: string;
  /** The server that gave the provider away; empty when the address itself did. */
  mx: string;
  name: string;
  /** Whom one signs in with by the provider's own page, such as Google; empty where there is no such way. */
  oauth: string;
  /** What the provider takes: the mailbox's own password, one made for a program, one that its bridge shows, or none. */
  password: "own" | "app" | "bridge" | "none";
  /** Names the provider: google, microsoft, fastmail …; empty when it is nobody we know. */
  provider: string;
  smtp: FoundServer | null;
  username: string;
};

export type RecoveryCodes = {
  /** Shown once. */
  recovery_codes: string[];
};

export type ReplyText = {
  html: string;
  text: string;
};

export type ResetFrame = {
  reason: "epoch" | "missed" | "behind" | "scope";
  type: "reset";
};

export type Revealed = {
  attachments: Attachment[];
  /** The addresses that its HTML leads to. */
  links: string[];
  subject: string;
  text: string;
};

export type RoundTrip = {
  arrived_at: string | null;
  /** What to do about it. */
  hint: string;
  /** What is wrong. */
  message: string;
  sent_at: string | null;
  started_at: string | null;
  state: "none" | "sending" | "waiting" | "arrived" | "failed";
};

export type SavedView = {
  columns: ("tags" | "assignee" | "team" | "inbox" | "priority" | "number" | "created")[];
  conditions: Conditions;
  id: number;
  /** The agent whose it is; null when it is shared. */
  owner_id: number | null;
  position: number;
  sort: "newest" | "oldest" | "created" | "priority";
  version: number;
};

export type SearchResult = {
  contacts: Contact[];
  conversations: Conversation[];
};

export type SendAt = {
  /** Null lets it go now. */
  send_at: string | null;
};

export type Session = {
  created_at: string;
  current: boolean;
  id: number;
  ip: string;
  last_seen_at: string;
  user_agent: string;
};

export type SetAssignee = {
  assignee_id: number | null;
  /** The sender's own id: the same one again changes nothing more, for 30 days. */
  client_id?: string;
  /** Refuse when the conversation has another one. */
  version?: number;
  was?: number | null;
};

export type SetContact = {
  contact_id: number;
  version?: number;
};

export type SetFollowing = {
  stance: "watching" | "muted" | "neither";
};

export type SetPresence = {
  /** A visitor is shown replying alone. */
  state: "viewing" | "replying" | "noting" | "idle";
};

export type SetPriority = {
  /** The sender's own id: the same one again changes nothing more, for 30 days. */
  client_id?: string;
  priority: "low" | "normal" | "high" | "urgent";
  /** Refuse when the conversation has another one. */
  version?: number;
  was?: "low" | "normal" | "high" | "urgent";
};

export type SetRead = {
  position: number;
};

export type SetSeen = {
  /** null: all. */
  conversation_id: number | null;
};

export type SetSnooze = {
  /** The sender's own id: the same one again changes nothing more, for 30 days. */
  client_id?: string;
  snoozed_until: string | null;
  /** Refuse when the conversation has another one. */
  version?: number;
  was?: string | null;
};

export type SetSpam = {
  /** The sender's own id: the same one again changes nothing more, for 30 days. */
  client_id?: string;
  spam: boolean;
  /** Refuse when the conversation has another one. */
  version?: number;
  was?: boolean;
};

export type SetStatus = {
  /** The sender's own id: the same one again changes nothing more, for 30 days. */
  client_id?: string;
  status: "open" | "pending" | "on_hold" | "closed";
  /** Refuse when the conversation has another one. */
  version?: number;
  was?: "open" | "pending" | "on_hold" | "closed";
};

export type SetSubject = {
  /** The sender's own id: the same one again changes nothing more, for 30 days. */
  client_id?: string;
  subject: string;
  /** Refuse when the conversation has another one. */
  version?: number;
  was?: string;
};

export type SetTags = {
  /** The sender's own id: the same one again changes nothing more, for 30 days. */
  client_id?: string;
  tags: string[];
  /** Refuse when the conversation has another one. */
  version?: number;
  /** What the sender added to these and took from them is done; what others did stays. */
  was?: string[];
};

export type SetTeam = {
  /** The sender's own id: the same one again changes nothing more, for 30 days. */
  client_id?: string;
  team_id: number | null;
  /** Refuse when the conversation has another one. */
  version?: number;
  was?: number | null;
};

export type SetupState = {
  needed: boolean;
  token_valid: boolean;
};

export type SignInApp = {
  client_id: string;
  name: string;
  provider: "google" | "microsoft" | "custom";
};

export type SignInApps = {
  items: SignInApp[];
  /** The address to register an app with. */
  redirect_url: string;
};

export type Silence = {
  /** flood: much came in at once. exchange: a machine answers what we send. */
  cause: "none" | "flood" | "exchange";
  /** It began in another conversation of the customer. */
  elsewhere: boolean;
  /** null: automatic mail leaves as always */
  until: string | null;
};

export type Snippet = {
  /** Who may change settings stands by it. */
  approved: boolean;
  /** Empty: in none. */
  folder: string;
  /** The same with looks; empty: it has none. */
  html: string;
  id: number;
  /** Stable, for export and import. */
  key: string;
  /** A language such as en, ko or pl; empty: any. */
  language: string;
  last_used_at: string | null;
  name: string;
  /** Whose it is; null when it is shared. */
  owner_id: number | null;
  shared: boolean;
  /** With variables such as {{customer.first_name|there}}. */
  text: string;
  updated_at: string;
  uses: number;
};

export type SnippetBody = {
  approved?: boolean;
  folder?: string;
  html?: string;
  language?: string;
  name: string;
  shared?: boolean;
  /** Made from html when that is given. */
  text?: string;
};

export type Suppression = {
  address: string;
  at: string;
  /** news: only what is sent to many stays away. */
  cause: "bounce" | "complaint" | "news";
  /** The remote server's words. */
  reason: string;
};

export type TOTPCode = {
  code: string;
};

export type TOTPStart = {
  secret: string;
  /** The otpauth address, as apps read it from a QR code. */
  uri: string;
};

export type TagCount = {
  count: number;
  name: string;
};

export type Team = {
  agent_ids: number[];
  id: number;
  key: string;
  name: string;
};

export type TeamChange = {
  agent_ids?: number[];
  name?: string;
};

export type TeammateDraft = {
  agent_id: number;
  kind: "reply" | "note";
  shared: boolean;
  /** Empty unless it is shared. */
  text: string;
  updated_at: string;
};

export type TranscriptTo = {
  to: string;
};

export type Unseen = {
  unseen: number;
};

export type VerifiedBy = {
  /** What decided; empty: nothing was looked at. */
  check: "" | "dkim" | "spf" | "dmarc" | "senders" | "nothing" | "no_signature" | "no_address" | "silence";
  /** That was asked. */
  domain: string;
};

export type View = {
  count: number;
  group: "standard" | "inbox" | "team" | "shared" | "personal";
  /** What GET /conversations takes as view. */
  key: string;
  /** There are more than the count says, or there may be. */
  more: boolean;
  name: string;
  /** What a person has decided about it; null for the others. */
  saved: SavedView | null;
  unread: number;
};

export type ViewDraft = {
  conditions: Conditions;
  sort?: "newest" | "oldest" | "created" | "priority";
};

export type ViewOrder = {
  ids: number[];
};

export type ViewPreviewConversation = {
  count: number;
  /** The first five. */
  items: Conversation[];
  more: boolean;
};

export type Visitor = {
  delivered_position: number;
  /** Typed, or proven. */
  email: string;
  email_verified: boolean;
  /** The company has signed who it is. */
  known: boolean;
  language: string;
  /** Answers up to here have gone by mail, those excepted that had been seen. */
  mailed_position: number;
  online: boolean;
  page: string;
  seen_position: number;
  time_zone: string;
  typing: boolean;
};

export type VisitorFrame = {
  conversation_id: number;
  delivered_position: number;
  online: boolean;
  seen_position: number;
  type: "visitor";
  typing: boolean;
};

export type WaitingMessage = {
  /** When it leaves, or is tried again. */
  at: string | null;
  author_id: number | null;
  author_name: string;
  conversation_id: number;
  created_at: string;
  excerpt: string;
  inbox_id: number;
  /** A note is that of a forward. */
  kind: "reply" | "note";
  message_id: number;
  number: number;
  reason: string;
  state: "held" | "queued" | "delayed" | "failed" | "bounced";
  subject: string;
  to: string[];
};

export type Workspace = {
  id: number;
  language: "en" | "ko" | "pl";
  name: string;
  system_inbox_id: number | null;
};

export type WorkspaceChange = {
  language?: "en" | "ko" | "pl";
  name?: string;
  system_inbox_id?: number | null;
};

/** Every operation, by method and path under /api/v1. */
export type Operations = {
  /** Everybody who works here */
  "GET /agents": { query: {}; body: void; answer: PageAgent };
  /** Invite somebody */
  "POST /agents": { query: {}; body: NewAgent; answer: Invited };
  /** Change an agent */
  "PATCH /agents/{id}": { query: {}; body: AgentChange; answer: Agent };
  /** Let an agent work again */
  "DELETE /agents/{id}/deactivation": { query: {}; body: void; answer: Agent };
  /** Deactivate an agent and hand the open work over */
  "POST /agents/{id}/deactivation": { query: {}; body: Deactivation; answer: Agent };
  /** Make a new invitation */
  "POST /agents/{id}/invitation": { query: {}; body: void; answer: InvitationAgain };
  /** How much open work an agent has */
  "GET /agents/{id}/open-work": { query: {}; body: void; answer: OpenWork };
  /** An agent's photo */
  "GET /agents/{id}/photo": { query: { v?: number }; body: void; answer: Blob };
  /** My keys */
  "GET /api-keys": { query: {}; body: void; answer: PageApiKey };
  /** Make a key */
  "POST /api-keys": { query: {}; body: NewApiKey; answer: CreatedApiKey };
  /** Delete a key */
  "DELETE /api-keys/{id}": { query: {}; body: void; answer: void };
  /** Upload a file for a message to come */
  "POST /attachments": { query: {}; body: FormData; answer: Attachment };
  /** A file, by its signed link */
  "GET /attachments/{id}": { query: { link?: string }; body: void; answer: Blob };
  /** Do one thing to many conversations */
  "POST /bulk-changes": { query: {}; body: NewBulkChange; answer: BulkChange };
  /** How far a change of many is */
  "GET /bulk-changes/{id}": { query: {}; body: void; answer: BulkChange };
  /** Bring each conversation back to what it was, unless somebody has changed it since */
  "POST /bulk-changes/{id}/undo": { query: {}; body: void; answer: BulkChange };
  /** Companies */
  "GET /companies": { query: { q?: string; cursor?: string; limit?: number }; body: void; answer: PageCompany };
  /** Add a company */
  "POST /companies": { query: {}; body: NewCompany; answer: Company };
  /** Change a company */
  "PATCH /companies/{id}": { query: {}; body: CompanyChange; answer: Company };
  /** Contacts */
  "GET /contacts": { query: { q?: string; company_id?: number; cursor?: string; limit?: number }; body: void; answer: PageContact };
  /** Add a contact */
  "POST /contacts": { query: {}; body: NewContact; answer: Contact };
  /** One contact */
  "GET /contacts/{id}": { query: {}; body: void; answer: Contact };
  /** Change a contact */
  "PATCH /contacts/{id}": { query: {}; body: ContactChange; answer: Contact };
  /** A contact's conversations in my sight */
  "GET /contacts/{id}/conversations": { query: { cursor?: string; limit?: number }; body: void; answer: PageConversation };
  /** Conversations in my sight */
  "GET /conversations": { query: { view?: string; status?: "open" | "pending" | "on_hold" | "closed"; inbox_id?: number; assignee_id?: number; team_id?: number; contact_id?: number; number?: number; tag?: string; q?: string; snoozed?: "true" | "false"; spam?: "true" | "false"; sort?: "newest" | "oldest" | "created" | "priority"; cursor?: string; limit?: number }; body: void; answer: PageConversation };
  /** Write to somebody first */
  "POST /conversations": { query: {}; body: NewConversation; answer: Conversation };
  /** Delete a conversation for ever */
  "DELETE /conversations/{id}": { query: {}; body: void; answer: void };
  /** One conversation */
  "GET /conversations/{id}": { query: {}; body: void; answer: ConversationDetail };
  /** Give it to an agent, or to nobody */
  "PUT /conversations/{id}/assignee": { query: {}; body: SetAssignee; answer: Conversation };
  /** Say who the customer is */
  "PUT /conversations/{id}/contact": { query: {}; body: SetContact; answer: Conversation };
  /** Who else is drafting */
  "GET /conversations/{id}/drafts": { query: {}; body: void; answer: PageTeammateDraft };
  /** Throw my draft away */
  "DELETE /conversations/{id}/drafts/{kind}": { query: {}; body: void; answer: void };
  /** My draft */
  "GET /conversations/{id}/drafts/{kind}": { query: {}; body: void; answer: Draft };
  /** Save my draft */
  "PUT /conversations/{id}/drafts/{kind}": { query: {}; body: DraftChange; answer: Draft };
  /** What my draft said before */
  "GET /conversations/{id}/drafts/{kind}/versions": { query: {}; body: void; answer: PageDraft };
  /** Who follows it, and whether I do */
  "GET /conversations/{id}/following": { query: {}; body: void; answer: Following };
  /** Follow it, mute it, or neither */
  "PUT /conversations/{id}/following": { query: {}; body: SetFollowing; answer: Following };
  /** What happened to it */
  "GET /conversations/{id}/history": { query: {}; body: void; answer: PageHistoryItem };
  /** Do the actions of a macro to a conversation, all or none */
  "POST /conversations/{id}/macros/{macro_id}": { query: {}; body: MacroRun; answer: MacroRanConversation };
  /** Messages by position, from the first on; with before, the newest page below it */
  "GET /conversations/{id}/messages": { query: { before?: number; cursor?: string; limit?: number }; body: void; answer: PageMessage };
  /** Reply, or leave a note */
  "POST /conversations/{id}/messages": { query: {}; body: NewMessage; answer: Message };
  /** Pass a message on to somebody outside */
  "POST /conversations/{id}/messages/{mid}/forward": { query: {}; body: Forward; answer: Message };
  /** Take a held reply back as a draft */
  "DELETE /conversations/{id}/messages/{mid}/hold": { query: {}; body: void; answer: Draft };
  /** The message as a page for a sandboxed frame */
  "GET /conversations/{id}/messages/{mid}/html": { query: { images?: "0" | "1" }; body: void; answer: Blob };
  /** Send a failed reply again */
  "POST /conversations/{id}/messages/{mid}/retry": { query: {}; body: void; answer: Message };
  /** Read a hidden message; the conversation's history tells who did */
  "POST /conversations/{id}/messages/{mid}/reveal": { query: {}; body: void; answer: Revealed };
  /** Let a held message leave at another time, or now */
  "PUT /conversations/{id}/messages/{mid}/send_at": { query: {}; body: SendAt; answer: Message };
  /** The mail as it came or went */
  "GET /conversations/{id}/messages/{mid}/source": { query: {}; body: void; answer: Blob };
  /** Leave the teammate as the customer */
  "DELETE /conversations/{id}/original": { query: {}; body: void; answer: void };
  /** Who wrote the mail that a teammate has forwarded */
  "GET /conversations/{id}/original": { query: {}; body: void; answer: Original };
  /** Make them the customer */
  "POST /conversations/{id}/original": { query: {}; body: void; answer: Conversation };
  /** Tell that I am looking or writing */
  "PUT /conversations/{id}/presence": { query: {}; body: SetPresence; answer: void };
  /** Set the priority */
  "PUT /conversations/{id}/priority": { query: {}; body: SetPriority; answer: Conversation };
  /** Set how far I have read */
  "PUT /conversations/{id}/read": { query: {}; body: SetRead; answer: Conversation };
  /** Let automatic mail leave again */
  "DELETE /conversations/{id}/silence": { query: {}; body: void; answer: void };
  /** Whether automatic mail is off */
  "GET /conversations/{id}/silence": { query: {}; body: void; answer: Silence };
  /** Put it away until a time, or wake it */
  "PUT /conversations/{id}/snooze": { query: {}; body: SetSnooze; answer: Conversation };
  /** Mark as spam, or not */
  "PUT /conversations/{id}/spam": { query: {}; body: SetSpam; answer: Conversation };
  /** Set the status */
  "PUT /conversations/{id}/status": { query: {}; body: SetStatus; answer: Conversation };
  /** Set the subject */
  "PUT /conversations/{id}/subject": { query: {}; body: SetSubject; answer: Conversation };
  /** Set the tags */
  "PUT /conversations/{id}/tags": { query: {}; body: SetTags; answer: Conversation };
  /** Give it to a team, or to none */
  "PUT /conversations/{id}/team": { query: {}; body: SetTeam; answer: Conversation };
  /** The whole conversation as text */
  "GET /conversations/{id}/transcript": { query: {}; body: void; answer: Blob };
  /** Mail the whole conversation to somebody */
  "POST /conversations/{id}/transcript": { query: {}; body: TranscriptTo; answer: void };
  /** My drafts */
  "GET /drafts": { query: {}; body: void; answer: PageDraft };
  /** The log, as far as it is in my sight */
  "GET /events": { query: { after?: string; limit?: number }; body: void; answer: PageEvent };
  /** A form as its visitors would see it */
  "POST /form-previews": { query: {}; body: FormPreview; answer: FormPreviewPage };
  /** How the installation does */
  "GET /health": { query: {}; body: void; answer: Health };
  /** The inboxes in my sight */
  "GET /inboxes": { query: {}; body: void; answer: PageInbox };
  /** Make an inbox */
  "POST /inboxes": { query: {}; body: NewInbox; answer: Inbox };
  /** Find the provider of an address and its servers */
  "POST /inboxes/recognise": { query: {}; body: AddressToRecognise; answer: Recognition };
  /** Try the settings of an inbox */
  "POST /inboxes/test": { query: {}; body: InboxTest; answer: InboxTestResult };
  /** Delete an inbox */
  "DELETE /inboxes/{id}": { query: {}; body: void; answer: void };
  /** One inbox */
  "GET /inboxes/{id}": { query: {}; body: void; answer: Inbox };
  /** Change an inbox */
  "PATCH /inboxes/{id}": { query: {}; body: InboxChange; answer: Inbox };
  /** What an e-mail inbox answers by itself */
  "GET /inboxes/{id}/acknowledgement": { query: {}; body: void; answer: Acknowledgement };
  /** Set what an e-mail inbox answers by itself */
  "PUT /inboxes/{id}/acknowledgement": { query: {}; body: Acknowledgement; answer: Acknowledgement };
  /** What a customer would get */
  "POST /inboxes/{id}/acknowledgement/preview": { query: {}; body: NewAcknowledgementPreview; answer: AcknowledgementPreview };
  /** Make the secret that signs who a chat's visitors are */
  "POST /inboxes/{id}/identity-secret": { query: {}; body: void; answer: IdentitySecret };
  /** Where a chat's widget was seen */
  "GET /inboxes/{id}/installation": { query: {}; body: void; answer: Installation };
  /** Who sees an inbox */
  "GET /inboxes/{id}/members": { query: {}; body: void; answer: Members };
  /** Set who sees an inbox */
  "PUT /inboxes/{id}/members": { query: {}; body: NewMembers; answer: Members };
  /** Where the newest test mail of an inbox stands */
  "GET /inboxes/{id}/round-trip": { query: {}; body: void; answer: RoundTrip };
  /** Send a test mail from an e-mail inbox to itself */
  "POST /inboxes/{id}/round-trip": { query: {}; body: void; answer: RoundTrip };
  /** What an invitation says */
  "GET /invitations/{token}": { query: {}; body: void; answer: Invitation };
  /** Accept an invitation and sign in */
  "PUT /invitations/{token}": { query: {}; body: AcceptedInvitation; answer: Me };
  /** Work in hand */
  "GET /jobs": { query: { state?: "dead" | "retrying" | "running" | "waiting" }; body: void; answer: PageJob };
  /** Give a job up */
  "DELETE /jobs/{id}": { query: {}; body: void; answer: void };
  /** Try a job again now */
  "POST /jobs/{id}/retry": { query: {}; body: void; answer: void };
  /** Frames as they happen: a WebSocket, or an event stream */
  "GET /live": { query: { after?: string }; body: void; answer: Blob };
  /** The macros one sees: shared ones and one's own */
  "GET /macros": { query: {}; body: void; answer: PageMacro };
  /** Keep a sequence of actions */
  "POST /macros": { query: {}; body: MacroBody; answer: Macro };
  /** Delete a macro */
  "DELETE /macros/{id}": { query: {}; body: void; answer: void };
  /** Replace a macro, or put back one that was deleted */
  "PUT /macros/{id}": { query: {}; body: MacroBody; answer: Macro };
  /** Do the actions of a macro to many conversations, each for itself */
  "POST /macros/{id}/run": { query: {}; body: MacroRunOnMany; answer: PageMacroOutcomeConversation };
  /** Set out to sign in at a mailbox's provider (OAuth) */
  "POST /mail-authorizations": { query: {}; body: NewAuthorization; answer: BegunAuthorization };
  /** The apps of the company at mail providers */
  "GET /mail-authorizations/apps": { query: {}; body: void; answer: SignInApps };
  /** Come back from a mailbox's provider */
  "POST /mail-authorizations/completion": { query: {}; body: AuthorizationAnswer; answer: Authorization };
  /** One sign-in at a mailbox's provider */
  "GET /mail-authorizations/{id}": { query: {}; body: void; answer: Authorization };
  /** Look up what the DNS says about an address's mail */
  "POST /mail-domains/check": { query: {}; body: DomainToCheck; answer: DomainCheck };
  /** Make a key that signs a domain's mail (DKIM) */
  "POST /mail-domains/keys": { query: {}; body: DomainOfKey; answer: DomainCheck };
  /** Every accepted mail and what became of it */
  "GET /mails": { query: { state?: "received" | "applied" | "rejected" | "quarantined"; inbox_id?: number; cursor?: string; limit?: number }; body: void; answer: PageMail };
  /** Discard a quarantined mail */
  "DELETE /mails/{id}": { query: {}; body: void; answer: void };
  /** Handle a mail again */
  "POST /mails/{id}/replay": { query: {}; body: void; answer: Mail };
  /** The mail as it came */
  "GET /mails/{id}/source": { query: {}; body: void; answer: Blob };
  /** Who I am and what I may do */
  "GET /me": { query: {}; body: void; answer: Me };
  /** Change my profile */
  "PATCH /me": { query: {}; body: MeChange; answer: Me };
  /** Change my password */
  "PUT /me/password": { query: {}; body: PasswordChange; answer: void };
  /** Remove my photo */
  "DELETE /me/photo": { query: {}; body: void; answer: void };
  /** Set my photo */
  "PUT /me/photo": { query: {}; body: FormData; answer: Me };
  /** Turn the second step off */
  "DELETE /me/totp": { query: { code?: string }; body: void; answer: void };
  /** Begin a second step for signing in */
  "POST /me/totp": { query: {}; body: void; answer: TOTPStart };
  /** Turn the second step on */
  "PUT /me/totp": { query: {}; body: TOTPCode; answer: RecoveryCodes };
  /** What I was told, by conversation, unseen first */
  "GET /notifications": { query: { limit?: number }; body: void; answer: Notifications };
  /** What would have happened today with other settings */
  "POST /notifications/preview": { query: {}; body: NotificationSettings; answer: NotificationPreview };
  /** Mark those of a conversation, or all, as seen */
  "PUT /notifications/seen": { query: {}; body: SetSeen; answer: Unseen };
  /** How I am told */
  "GET /notifications/settings": { query: {}; body: void; answer: NotificationSettings };
  /** Set how I am told */
  "PUT /notifications/settings": { query: {}; body: NotificationSettings; answer: NotificationSettings };
  /** Mail the demo has captured */
  "GET /outbox": { query: {}; body: void; answer: PageOutgoingMail };
  /** A captured mail as it would have gone */
  "GET /outbox/{id}/source": { query: {}; body: void; answer: Blob };
  /** What waits to leave, and what has failed, in my sight */
  "GET /outgoing": { query: { inbox_id?: number; mine?: "true" | "false" }; body: void; answer: PageWaitingMessage };
  /** Events that readers gave up on */
  "GET /parked": { query: {}; body: void; answer: PageParkedEvent };
  /** Let the reader try again */
  "POST /parked/{reader}/{seq}/retry": { query: {}; body: void; answer: void };
  /** Ask for a link that sets a new password */
  "POST /password-resets": { query: {}; body: PasswordForgotten; answer: void };
  /** Set a new password */
  "PUT /password-resets/{token}": { query: {}; body: NewPassword; answer: void };
  /** The key for browsers, and my browsers that are told while closed */
  "GET /push": { query: {}; body: void; answer: Push };
  /** Have this browser told while it is closed */
  "POST /push/subscriptions": { query: {}; body: NewPushBrowser; answer: PushBrowser };
  /** Have a browser told no more */
  "DELETE /push/subscriptions/{id}": { query: {}; body: void; answer: void };
  /** Send a push to all my browsers now */
  "POST /push/test": { query: {}; body: void; answer: PushTrial };
  /** Find conversations and contacts */
  "GET /search": { query: { q: string; in?: "conversations" | "contacts"; limit?: number }; body: void; answer: SearchResult };
  /** Sign out */
  "DELETE /session": { query: {}; body: void; answer: void };
  /** Sign in */
  "POST /session": { query: {}; body: NewSession; answer: Me };
  /** The browsers where I am signed in */
  "GET /sessions": { query: {}; body: void; answer: PageSession };
  /** Sign a browser out */
  "DELETE /sessions/{id}": { query: {}; body: void; answer: void };
  /** Whether the first workspace is still needed */
  "GET /setup": { query: { token?: string }; body: void; answer: SetupState };
  /** Make the first workspace and sign its owner in */
  "POST /setup": { query: {}; body: NewSetup; answer: Me };
  /** The snippets one sees: shared ones and one's own */
  "GET /snippets": { query: {}; body: void; answer: PageSnippet };
  /** Keep a text that is written often */
  "POST /snippets": { query: {}; body: SnippetBody; answer: Snippet };
  /** Delete a snippet */
  "DELETE /snippets/{id}": { query: {}; body: void; answer: void };
  /** Replace a snippet, or put back one that was deleted */
  "PUT /snippets/{id}": { query: {}; body: SnippetBody; answer: Snippet };
  /** Count one use of a snippet */
  "POST /snippets/{id}/uses": { query: {}; body: void; answer: void };
  /** Let automatic mail, or news, to an address again */
  "DELETE /suppressions": { query: { address: string; cause?: "bounce" | "complaint" | "news" }; body: void; answer: void };
  /** Which of these addresses get no automatic mail, or no news */
  "GET /suppressions": { query: { addresses: string[] }; body: void; answer: PageSuppression };
  /** The tags in use */
  "GET /tags": { query: {}; body: void; answer: PageTagCount };
  /** All teams */
  "GET /teams": { query: {}; body: void; answer: PageTeam };
  /** Make a team */
  "POST /teams": { query: {}; body: NewTeam; answer: Team };
  /** Delete a team */
  "DELETE /teams/{id}": { query: {}; body: void; answer: void };
  /** Change a team */
  "PATCH /teams/{id}": { query: {}; body: TeamChange; answer: Team };
  /** The views and their counts */
  "GET /views": { query: {}; body: void; answer: PageView };
  /** Save a view */
  "POST /views": { query: {}; body: NewView; answer: View };
  /** Put the shared views, or one's own, into an order */
  "PUT /views/order": { query: {}; body: ViewOrder; answer: void };
  /** What conditions find */
  "POST /views/preview": { query: {}; body: ViewDraft; answer: ViewPreviewConversation };
  /** Delete a saved view */
  "DELETE /views/{id}": { query: {}; body: void; answer: void };
  /** Change a saved view */
  "PUT /views/{id}": { query: {}; body: ChangedView; answer: View };
  /** The workspace */
  "GET /workspace": { query: {}; body: void; answer: Workspace };
  /** Change the workspace */
  "PATCH /workspace": { query: {}; body: WorkspaceChange; answer: Workspace };
};
