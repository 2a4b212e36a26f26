-- Following: internal/conversation/follow.

CREATE TABLE followers (
    workspace_id    BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    agent_id        BIGINT NOT NULL,
    stance          TEXT   NOT NULL CHECK (stance IN ('watching', 'muted')),
    since           BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, agent_id)
);
