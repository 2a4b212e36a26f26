-- While its row is there, nothing leaves: internal/platform/job.
CREATE TABLE outgoing_pause (
    one    BIGINT PRIMARY KEY CHECK (one = 1),
    since  BIGINT NOT NULL,
    reason TEXT   NOT NULL
);

-- Backups that were tried: internal/platform/backup. Not part of a backup itself.
CREATE TABLE backups (
    id         BIGINT PRIMARY KEY,
    kind       TEXT   NOT NULL CHECK (kind IN ('nightly', 'command')),
    file       TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('running', 'good', 'failed')),
    reason     TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL,
    told       BOOLEAN NOT NULL DEFAULT FALSE -- administrators have heard of it
);
CREATE INDEX backups_newest ON backups (started_at);
