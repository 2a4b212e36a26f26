-- internal/automation: texts that are written often and sequences of actions that
-- are done often. owner_id 0: shared by all of the workspace. What was deleted
-- stays, so that it can be put back.
CREATE TABLE snippets (
    workspace_id BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    key          TEXT    NOT NULL, -- stable name for export and import
    name         TEXT    NOT NULL,
    folder       TEXT    NOT NULL, -- '': none
    owner_id     BIGINT  NOT NULL,
    uses         BIGINT  NOT NULL,
    last_used_at BIGINT  NOT NULL,
    updated_at   BIGINT  NOT NULL,
    deleted_at   BIGINT  NOT NULL,
    language     TEXT    NOT NULL, -- '': any
    text         TEXT    NOT NULL,
    html         TEXT    NOT NULL, -- '': it has no looks
    approved     BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX snippets_key ON snippets (workspace_id, key);
CREATE INDEX snippets_owner ON snippets (workspace_id, owner_id, deleted_at);

CREATE TABLE macros (
    workspace_id BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    key          TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    folder       TEXT   NOT NULL,
    owner_id     BIGINT NOT NULL,
    uses         BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    deleted_at   BIGINT NOT NULL,
    actions      TEXT   NOT NULL, -- JSON, in the order in which they are done
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX macros_key ON macros (workspace_id, key);
CREATE INDEX macros_owner ON macros (workspace_id, owner_id, deleted_at);

-- That a macro was run once for the id its caller gave, and what was before. It
-- holds ids and codes; those of a day ago are forgotten.
CREATE TABLE macro_runs (
    workspace_id    BIGINT NOT NULL,
    agent_id        BIGINT NOT NULL,
    client_id       TEXT   NOT NULL,
    conversation_id BIGINT NOT NULL,
    macro_id        BIGINT NOT NULL,
    before          TEXT   NOT NULL, -- JSON
    at              BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, client_id, conversation_id)
);
CREATE INDEX macro_runs_at ON macro_runs (workspace_id, at);
