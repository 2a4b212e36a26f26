-- Following: internal/conversation/follow.

CREATE TABLE followers (
    workspace_id    BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    agent_id        BIGINT NOT NULL,
    stance          TEXT   NOT NULL CHECK (stance IN ('watching', 'muted')),
    since           BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, agent_id)
);

-- One change of many conversations, which can be taken back for a day:
-- internal/conversation/bulk.

CREATE TABLE bulk_runs (
    workspace_id BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    client_id    TEXT   NOT NULL,
    change       TEXT   NOT NULL, -- JSON
    state        TEXT   NOT NULL CHECK (state IN ('running', 'done', 'undoing', 'undone')),
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX bulk_runs_client ON bulk_runs (workspace_id, agent_id, client_id) WHERE client_id <> '';
CREATE INDEX bulk_runs_agent ON bulk_runs (workspace_id, agent_id, created_at);

CREATE TABLE bulk_items (
    workspace_id    BIGINT NOT NULL,
    run_id          BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN ('waiting', 'changed', 'same', 'refused', 'back', 'kept')),
    reason          TEXT   NOT NULL,
    before          TEXT   NOT NULL, -- JSON: what the change has changed
    PRIMARY KEY (workspace_id, run_id, conversation_id)
);
