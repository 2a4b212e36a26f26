-- Inboxes, receipts and the outbox: internal/channel
CREATE TABLE inboxes (
  workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, channel TEXT NOT NULL, address TEXT NOT NULL,
  settings TEXT NOT NULL, secrets BYTEA NOT NULL, reply_status TEXT NOT NULL, reopen_days BIGINT NOT NULL, signature TEXT NOT NULL, signature_html TEXT NOT NULL, template TEXT NOT NULL, template_html TEXT NOT NULL, mail_inbox_id BIGINT NOT NULL,
  fetch_trouble TEXT NOT NULL, send_trouble TEXT NOT NULL, lost TEXT NOT NULL, last_fetch_at BIGINT NOT NULL, deleted_at BIGINT NOT NULL, version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX inboxes_by_key ON inboxes (workspace_id, key);
-- A directory over all workspaces: which inbox an address belongs to.
CREATE TABLE inbound_addresses (address TEXT PRIMARY KEY, workspace_id BIGINT NOT NULL, inbox_id BIGINT NOT NULL);

CREATE TABLE receipts (
  workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, inbox_id BIGINT NOT NULL, source_key TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL, size BIGINT NOT NULL, blob_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL, attempts BIGINT NOT NULL, received_at BIGINT NOT NULL,
  client TEXT NOT NULL, helo TEXT NOT NULL, envelope_sender TEXT NOT NULL, -- how a door was handed it
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX receipts_by_source ON receipts (inbox_id, source_key);
CREATE INDEX receipts_by_state ON receipts (workspace_id, state, id);
CREATE INDEX receipts_by_inbox ON receipts (workspace_id, inbox_id, state);

-- inbox_id is the conversation's inbox, via_id the one it leaves through.
CREATE TABLE outbound (
  workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, inbox_id BIGINT NOT NULL, via_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, message_id BIGINT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL, hold_until BIGINT NOT NULL, external_id TEXT NOT NULL, envelope_from TEXT NOT NULL, blob_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL, queued_at BIGINT NOT NULL, sent_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX outbound_by_message ON outbound (workspace_id, message_id);
CREATE INDEX outbound_by_conversation ON outbound (workspace_id, conversation_id, id);
CREATE INDEX outbound_by_state ON outbound (workspace_id, state, id);
CREATE TABLE outbound_recipients (
  workspace_id BIGINT NOT NULL, outbound_id BIGINT NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (workspace_id, outbound_id, address)
);

-- What keeps the mail of an inbox back: its server has asked for slower sending, or is away.
CREATE TABLE brakes (
  workspace_id BIGINT NOT NULL, inbox_id BIGINT NOT NULL, level BIGINT NOT NULL, until BIGINT NOT NULL, reason TEXT NOT NULL, away BOOLEAN NOT NULL, turn BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id)
);

-- The newest mail that an inbox has sent to itself, and when it came back.
CREATE TABLE round_trips (
  workspace_id BIGINT NOT NULL, inbox_id BIGINT NOT NULL, outbound_id BIGINT NOT NULL, started_at BIGINT NOT NULL, arrived_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id)
);

-- Where fetching stands in a mailbox: internal/channel/email
CREATE TABLE mailbox_cursors (
  workspace_id BIGINT NOT NULL, inbox_id BIGINT NOT NULL, folder TEXT NOT NULL, uid_validity BIGINT NOT NULL, uid BIGINT NOT NULL,
  since BIGINT NOT NULL, rescan_to BIGINT NOT NULL, live BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, folder)
);

-- DKIM keys of inboxes' domains; one signs once its line was seen in the DNS: internal/channel/email/signing
CREATE TABLE signing_keys (
  workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, domain TEXT NOT NULL, selector TEXT NOT NULL, algorithm TEXT NOT NULL,
  public TEXT NOT NULL, secret BYTEA NOT NULL, made_at BIGINT NOT NULL, seen_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX signing_keys_by_domain ON signing_keys (workspace_id, domain);

-- Signing in at mailboxes by OAuth: internal/channel/email/oauth. An app is what a company has registered at a provider;
-- an authorization the leave to read one mailbox, with its sealed tokens; an attempt a person on the way to the provider.
CREATE TABLE oauth_apps (
  workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, provider TEXT NOT NULL, client_id TEXT NOT NULL, authorize_url TEXT NOT NULL, token_url TEXT NOT NULL, revoke_url TEXT NOT NULL,
  scope TEXT NOT NULL, imap_host TEXT NOT NULL, smtp_host TEXT NOT NULL, secret BYTEA NOT NULL, made_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE oauth_authorizations (
  workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, app_id BIGINT NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, secret BYTEA NOT NULL,
  expires_at BIGINT NOT NULL, renewing_until BIGINT NOT NULL, turn BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE oauth_attempts (
  workspace_id BIGINT NOT NULL, state_hash TEXT NOT NULL, authorization_id BIGINT NOT NULL, app_id BIGINT NOT NULL, agent_id BIGINT NOT NULL, session_id BIGINT NOT NULL,
  secret BYTEA NOT NULL, expires_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, state_hash)
);
