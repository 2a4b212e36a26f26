-- Workspaces and the people who work in them: internal/account.

CREATE TABLE workspaces (
    id              BIGINT PRIMARY KEY,
    name            TEXT   NOT NULL,
    language        TEXT   NOT NULL,
    system_inbox_id BIGINT NOT NULL, -- system mails leave through it; 0: the first e-mail inbox
    access_version  BIGINT NOT NULL, -- moves with every grant, membership and role; its row is the lock for them
    created_at      BIGINT NOT NULL
);

-- One row at most: that the first workspace has been set up.
CREATE TABLE setup_done (
    one          BIGINT PRIMARY KEY CHECK (one = 1),
    workspace_id BIGINT NOT NULL
);

-- A login is a person's proof of identity; an agent is a login in a workspace.
CREATE TABLE logins (
    id           BIGINT PRIMARY KEY,
    email        TEXT   NOT NULL,
    email_key    TEXT   NOT NULL UNIQUE, -- folded
    password     TEXT   NOT NULL,        -- argon2id; empty: none chosen yet
    totp_secret  BYTEA  NOT NULL,        -- sealed; empty: the second step is off
    totp_pending BYTEA  NOT NULL,        -- sealed; begun and not yet confirmed
    totp_step    BIGINT NOT NULL,        -- the last time step whose code was used
    created_at   BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    login_id BIGINT NOT NULL,
    hash     TEXT   NOT NULL,
    PRIMARY KEY (login_id, hash)
);

CREATE TABLE agents (
    workspace_id BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    login_id     BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    role         TEXT   NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'light')),
    state        TEXT   NOT NULL CHECK (state IN ('invited', 'active', 'deactivated')),
    photo_id     BIGINT NOT NULL,
    language     TEXT   NOT NULL,
    time_zone    TEXT   NOT NULL,
    signature    TEXT   NOT NULL,
    signature_html TEXT NOT NULL DEFAULT '', -- '': it has no looks
    theme        TEXT   NOT NULL,
    public_name  TEXT   NOT NULL DEFAULT '', -- what visitors of a chat see; '': the name
    last_seen_at BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX agents_login ON agents (login_id, workspace_id);

CREATE TABLE teams (
    workspace_id BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    key          TEXT   NOT NULL, -- stable name for export and import
    name         TEXT   NOT NULL,
    name_key     TEXT   NOT NULL, -- folded
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX teams_key ON teams (workspace_id, key);
CREATE UNIQUE INDEX teams_name ON teams (workspace_id, name_key);

CREATE TABLE team_members (
    workspace_id BIGINT NOT NULL,
    team_id      BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, team_id, agent_id)
);
CREATE INDEX team_members_agent ON team_members (workspace_id, agent_id);

-- Who sees an inbox: an agent (team_id 0) or a team (agent_id 0).
CREATE TABLE grants (
    workspace_id BIGINT NOT NULL,
    inbox_id     BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    team_id      BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, agent_id, team_id)
);
CREATE INDEX grants_agent ON grants (workspace_id, agent_id, inbox_id);
CREATE INDEX grants_team ON grants (workspace_id, team_id, inbox_id);

CREATE TABLE sessions (
    id           BIGINT PRIMARY KEY,
    hash         TEXT   NOT NULL UNIQUE,
    workspace_id BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    login_id     BIGINT NOT NULL,
    ip           TEXT   NOT NULL,
    user_agent   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_login ON sessions (login_id);
CREATE INDEX sessions_agent ON sessions (agent_id);

CREATE TABLE api_keys (
    id           BIGINT PRIMARY KEY,
    hash         TEXT   NOT NULL UNIQUE,
    workspace_id BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    prefix       TEXT   NOT NULL, -- the first characters, to tell keys apart
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL -- 0: never
);
CREATE INDEX api_keys_agent ON api_keys (agent_id);

-- Links that work once: setup, invitation, reset. Using one deletes it.
CREATE TABLE account_links (
    hash         TEXT   PRIMARY KEY,
    kind         TEXT   NOT NULL CHECK (kind IN ('setup', 'invitation', 'reset')),
    workspace_id BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX account_links_agent ON account_links (agent_id, kind);

-- Failed proofs per address and per network, under a hash of either.
CREATE TABLE attempts (
    key           TEXT   PRIMARY KEY,
    failures      BIGINT NOT NULL,
    last_at       BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
