-- notification: what agents are told, how they want to be told, and the browsers
-- that are told while they are closed
CREATE TABLE notifications (
    workspace_id    BIGINT  NOT NULL,
    agent_id        BIGINT  NOT NULL,
    id              BIGINT  NOT NULL,
    conversation_id BIGINT  NOT NULL,
    event           TEXT    NOT NULL CHECK (event IN ('mention', 'assigned', 'reply', 'unassigned', 'followed', 'undelivered')),
    position        BIGINT  NOT NULL, -- of the newest message when it happened
    message_id      BIGINT  NOT NULL, -- what it is about; 0: the conversation
    actor_kind      TEXT    NOT NULL,
    actor_id        BIGINT  NOT NULL,
    at              BIGINT  NOT NULL,
    seen_at         BIGINT  NOT NULL, -- 0: not yet
    shown           BOOLEAN NOT NULL, -- in the app
    push            TEXT    NOT NULL CHECK (push IN ('', 'waiting', 'sent', 'dropped')),
    mail            TEXT    NOT NULL CHECK (mail IN ('', 'waiting', 'sent', 'dropped')),
    PRIMARY KEY (workspace_id, agent_id, id)
);
CREATE INDEX notifications_at ON notifications (workspace_id, agent_id, at, id);
CREATE INDEX notifications_conversation ON notifications (workspace_id, conversation_id, agent_id);
CREATE INDEX notifications_unseen ON notifications (workspace_id, agent_id, conversation_id) WHERE seen_at = 0;

CREATE TABLE notification_settings (
    workspace_id BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    body         TEXT   NOT NULL, -- JSON: codes and times
    digest_at    BIGINT NOT NULL, -- the next one; 0: none
    PRIMARY KEY (workspace_id, agent_id)
);
CREATE INDEX notification_settings_digest ON notification_settings (workspace_id, digest_at) WHERE digest_at > 0;

CREATE TABLE notification_watches ( -- inboxes whose new conversations an agent wants to hear of
    workspace_id BIGINT NOT NULL,
    inbox_id     BIGINT NOT NULL,
    agent_id     BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, agent_id)
);
CREATE INDEX notification_watches_agent ON notification_watches (workspace_id, agent_id);

CREATE TABLE push_keys ( -- one an installation
    one    BIGINT PRIMARY KEY CHECK (one = 1),
    sealed BYTEA  NOT NULL
);
CREATE TABLE push_subscriptions (
    workspace_id  BIGINT NOT NULL,
    agent_id      BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    endpoint_hash TEXT   NOT NULL, -- the address is a secret of the browser
    sealed        BYTEA  NOT NULL, -- address and keys
    device        TEXT   NOT NULL, -- as the browser calls itself
    session_id    BIGINT NOT NULL, -- it ends with it; 0: with nothing
    created_at    BIGINT NOT NULL,
    reached_at    BIGINT NOT NULL, -- 0: never
    PRIMARY KEY (workspace_id, agent_id, id)
);
CREATE UNIQUE INDEX push_subscriptions_endpoint ON push_subscriptions (workspace_id, endpoint_hash);
