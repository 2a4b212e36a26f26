-- Visitors of a company's site and their chats: internal/conversation/visitor.

-- A browser. Its token is stored as a hash, and ends for good.
CREATE TABLE visitors (
    workspace_id BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    inbox_id     BIGINT  NOT NULL,
    token_hash   TEXT    NOT NULL, -- '': ended
    origin       TEXT    NOT NULL, -- the site it belongs to; '': our own pages
    contact_id   BIGINT  NOT NULL, -- 0: has not written yet
    known        BOOLEAN NOT NULL, -- the company has signed who it is
    subject      TEXT    NOT NULL, -- the company's own id of a known one
    name         TEXT    NOT NULL,
    email        TEXT    NOT NULL, -- typed, or proven
    email_proven BOOLEAN NOT NULL,
    language     TEXT    NOT NULL,
    time_zone    TEXT    NOT NULL,
    page         TEXT    NOT NULL, -- the newest one it wrote from
    letters      BIGINT  NOT NULL, -- transcripts mailed on letters_day
    letters_day  BIGINT  NOT NULL,
    created_at   BIGINT  NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX visitors_token ON visitors (token_hash) WHERE token_hash <> '';
CREATE INDEX visitors_silent ON visitors (created_at) WHERE contact_id = 0;
CREATE INDEX visitors_contact ON visitors (workspace_id, contact_id);
CREATE INDEX visitors_letters ON visitors (workspace_id, email) WHERE letters > 0;

-- The conversation of a visitor, and how far everybody is.
CREATE TABLE chats (
    workspace_id       BIGINT NOT NULL,
    conversation_id    BIGINT NOT NULL,
    inbox_id           BIGINT NOT NULL,
    visitor_id         BIGINT NOT NULL, -- who began it
    delivered_position BIGINT NOT NULL,
    seen_position      BIGINT NOT NULL,
    seen_at            BIGINT NOT NULL, -- what was let go later is unseen, wherever it stands
    mailed_position    BIGINT NOT NULL, -- answers up to here have gone out by mail
    mailed_at          BIGINT NOT NULL, -- but not those let go later
    person_at          BIGINT NOT NULL, -- asked for a person; 0: has not
    PRIMARY KEY (workspace_id, conversation_id)
);
CREATE INDEX chats_visitor ON chats (workspace_id, visitor_id, conversation_id);

-- When somebody known signed out: what was signed before is worth nothing.
CREATE TABLE visitor_leaves (
    workspace_id BIGINT NOT NULL,
    inbox_id     BIGINT NOT NULL,
    subject      TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, subject)
);

-- Where the widget has been seen.
CREATE TABLE chat_sites (
    workspace_id   BIGINT NOT NULL,
    inbox_id       BIGINT NOT NULL,
    seen_at        BIGINT NOT NULL,
    origin         TEXT   NOT NULL,
    refused_at     BIGINT NOT NULL,
    refused_origin TEXT   NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id)
);
