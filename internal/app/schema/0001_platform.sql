-- The event log and its readers: internal/platform/event
CREATE TABLE event_epoch (epoch TEXT NOT NULL);
CREATE TABLE event_heads (workspace_id BIGINT PRIMARY KEY, seq BIGINT NOT NULL);
CREATE TABLE events (
  workspace_id BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL,
  actor_kind TEXT NOT NULL, actor_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, contact_id BIGINT NOT NULL,
  cause BIGINT NOT NULL, depth BIGINT NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (workspace_id, seq)
-- only sqlite
) WITHOUT ROWID;
-- end
-- only postgres
);
CREATE TABLE event_inbox (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL,
  actor_kind TEXT NOT NULL, actor_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, contact_id BIGINT NOT NULL,
  cause BIGINT NOT NULL, depth BIGINT NOT NULL, data TEXT NOT NULL
);
-- end
CREATE INDEX events_by_conversation ON events (workspace_id, conversation_id, seq);
CREATE TABLE readers (
  workspace_id BIGINT NOT NULL, reader TEXT NOT NULL, seq BIGINT NOT NULL,
  failures BIGINT NOT NULL DEFAULT 0, retry_at BIGINT NOT NULL DEFAULT 0, stopped BOOLEAN NOT NULL DEFAULT FALSE, error TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, reader)
);
CREATE TABLE reader_effects (workspace_id BIGINT NOT NULL, reader TEXT NOT NULL, seq BIGINT NOT NULL, effect TEXT NOT NULL, PRIMARY KEY (workspace_id, reader, seq, effect));
CREATE TABLE parked_events (
  workspace_id BIGINT NOT NULL, reader TEXT NOT NULL, seq BIGINT NOT NULL, error TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, reader, seq)
);
CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, generation BIGINT NOT NULL, expires_at BIGINT NOT NULL);

-- Durable work: internal/platform/job
CREATE TABLE jobs (
  id BIGINT PRIMARY KEY, workspace_id BIGINT NOT NULL, queue TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, args TEXT NOT NULL,
  state TEXT NOT NULL, run_at BIGINT NOT NULL, attempt BIGINT NOT NULL, max_attempts BIGINT NOT NULL,
  locked_by TEXT NOT NULL, locked_until BIGINT NOT NULL, generation BIGINT NOT NULL,
  unique_key TEXT NOT NULL, last_error TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (queue, state, run_at, target);
CREATE INDEX jobs_of_workspace ON jobs (workspace_id, state, id);
CREATE INDEX jobs_running ON jobs (locked_by, locked_until) WHERE state = 'running';
CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key) WHERE unique_key <> '';
CREATE TABLE schedules (name TEXT PRIMARY KEY, next_at BIGINT NOT NULL);

-- secret: the fingerprint of the one master key this database belongs to
CREATE TABLE secret_key (
    one         BIGINT PRIMARY KEY CHECK (one = 1),
    fingerprint TEXT NOT NULL
);

-- Bytes from outside: internal/platform/blob
CREATE TABLE blobs (
  workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, body_id BIGINT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL,
  name TEXT NOT NULL, content_type TEXT NOT NULL, uploader TEXT NOT NULL, created_at BIGINT NOT NULL, idle_since BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX blobs_of_body ON blobs (workspace_id, body_id);
CREATE INDEX blobs_idle ON blobs (idle_since) WHERE idle_since > 0;
CREATE TABLE blob_bodies (
  workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL,
  large BOOLEAN NOT NULL, stored BOOLEAN NOT NULL, doomed BOOLEAN NOT NULL, idle_since BIGINT NOT NULL, content BYTEA NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX blob_bodies_by_hash ON blob_bodies (workspace_id, sha256, id);
CREATE INDEX blob_bodies_idle ON blob_bodies (idle_since) WHERE idle_since > 0;
CREATE INDEX blob_bodies_doomed ON blob_bodies (workspace_id, id) WHERE doomed;
CREATE TABLE blob_refs (
  workspace_id BIGINT NOT NULL, owner TEXT NOT NULL, owner_id BIGINT NOT NULL, blob_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, owner, owner_id, blob_id)
);
CREATE INDEX blob_refs_of_blob ON blob_refs (workspace_id, blob_id, owner, owner_id);
