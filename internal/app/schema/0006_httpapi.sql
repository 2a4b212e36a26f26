-- Answers to requests with an Idempotency-Key, for a day; which changes were done, for 30 days: internal/httpapi.
CREATE TABLE idempotent_requests (
    workspace_id BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    route        TEXT   NOT NULL,
    key          TEXT   NOT NULL,
    request      TEXT   NOT NULL, -- hash of what was asked
    answer       TEXT   NOT NULL, -- empty while it is in hand, "done" of a change
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, route, key)
);
CREATE INDEX idempotent_requests_age ON idempotent_requests (created_at);
