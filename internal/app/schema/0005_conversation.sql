-- Conversations and messages: internal/conversation.

CREATE TABLE conversation_numbers (workspace_id BIGINT PRIMARY KEY, last BIGINT NOT NULL);

CREATE TABLE conversations (
    workspace_id     BIGINT  NOT NULL,
    id               BIGINT  NOT NULL,
    number           BIGINT  NOT NULL,
    inbox_id         BIGINT  NOT NULL,
    channel          TEXT    NOT NULL,
    contact_id       BIGINT  NOT NULL, -- 0: nobody (a report without a sender)
    subject          TEXT    NOT NULL,
    search_key       TEXT    NOT NULL, -- folded subject and excerpt
    status           TEXT    NOT NULL CHECK (status IN ('open', 'pending', 'on_hold', 'closed')),
    shelf            TEXT    NOT NULL, -- where lists keep it: spam, snoozed, or the status
    priority         TEXT    NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    assignee_id      BIGINT  NOT NULL,
    team_id          BIGINT  NOT NULL,
    snoozed_until    BIGINT  NOT NULL,
    spam             BOOLEAN NOT NULL,
    created_at       BIGINT  NOT NULL,
    last_activity_at BIGINT  NOT NULL,
    closed_at        BIGINT  NOT NULL,
    last_position    BIGINT  NOT NULL,
    last_author_kind TEXT    NOT NULL,
    excerpt          TEXT    NOT NULL,
    linked_id        BIGINT  NOT NULL,
    version          BIGINT  NOT NULL,
    PRIMARY KEY (workspace_id, id)
-- only sqlite
) WITHOUT ROWID;
-- end
-- only postgres
);
-- end
CREATE UNIQUE INDEX conversations_number ON conversations (workspace_id, number);
CREATE INDEX conversations_all ON conversations (workspace_id, last_activity_at, id) WHERE NOT spam;
CREATE INDEX conversations_shelf ON conversations (workspace_id, shelf, last_activity_at, id);
CREATE INDEX conversations_inbox ON conversations (workspace_id, inbox_id, last_activity_at, id) WHERE NOT spam;
CREATE INDEX conversations_inbox_shelf ON conversations (workspace_id, inbox_id, shelf, last_activity_at, id);
CREATE INDEX conversations_free ON conversations (workspace_id, inbox_id, shelf, last_activity_at, id) WHERE assignee_id = 0;
CREATE INDEX conversations_assignee ON conversations (workspace_id, assignee_id, shelf, last_activity_at, id, inbox_id);
CREATE INDEX conversations_team ON conversations (workspace_id, team_id, shelf, last_activity_at, id, inbox_id);
CREATE INDEX conversations_contact ON conversations (workspace_id, contact_id, last_activity_at, id, inbox_id);
-- The order of beginnings is that of numbers; of those that are done it is read from conversations_number.
CREATE INDEX conversations_created ON conversations (workspace_id, shelf, number, id) WHERE shelf <> 'closed';
CREATE INDEX conversations_priority ON conversations (workspace_id, priority, shelf, last_activity_at, id) WHERE priority <> 'normal';
CREATE INDEX conversations_due ON conversations (snoozed_until) WHERE snoozed_until > 0;

-- Repeats what lists by tag sort and filter by.
CREATE TABLE conversation_tags (
    workspace_id     BIGINT NOT NULL,
    conversation_id  BIGINT NOT NULL,
    tag_key          TEXT   NOT NULL, -- folded
    tag              TEXT   NOT NULL,
    inbox_id         BIGINT NOT NULL,
    shelf            TEXT   NOT NULL,
    last_activity_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, tag_key)
);
CREATE INDEX conversation_tags_tag ON conversation_tags (workspace_id, tag_key, last_activity_at, conversation_id, shelf, inbox_id);

CREATE TABLE messages (
    workspace_id    BIGINT  NOT NULL,
    id              BIGINT  NOT NULL,
    conversation_id BIGINT  NOT NULL,
    position        BIGINT  NOT NULL, -- 1, 2, 3… within the conversation
    inbox_id        BIGINT  NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind IN ('inbound', 'reply', 'note')),
    class           TEXT    NOT NULL,
    author_kind     TEXT    NOT NULL CHECK (author_kind IN ('contact', 'agent', 'bot', 'system')),
    author_id       BIGINT  NOT NULL,
    author_name     TEXT    NOT NULL,
    author_address  TEXT    NOT NULL,
    parties         TEXT    NOT NULL, -- JSON: to, cc, bcc
    text            TEXT    NOT NULL,
    html            TEXT    NOT NULL,
    reply_text      TEXT    NOT NULL,
    external_id     TEXT    NOT NULL, -- the sender's id; ours stand in outbound
    content_hash    TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    sent_at         BIGINT  NOT NULL,
    client_id       TEXT    NOT NULL,
    proof           TEXT    NOT NULL,
    finding         TEXT    NOT NULL, -- what the proof was reached by, and the domain asked
    flags           TEXT    NOT NULL, -- JSON list of words
    mentions        TEXT    NOT NULL, -- JSON list of agents
    language        TEXT    NOT NULL,
    receipt_id      BIGINT  NOT NULL,
    outbound_id     BIGINT  NOT NULL,
    cancelled       BOOLEAN NOT NULL, -- taken back before it left
    status_before   TEXT    NOT NULL, -- what taking it back restores
    version         BIGINT  NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX messages_position ON messages (workspace_id, conversation_id, position);
CREATE UNIQUE INDEX messages_client ON messages (workspace_id, client_id, conversation_id) WHERE client_id <> '';
CREATE UNIQUE INDEX messages_external ON messages (workspace_id, inbox_id, external_id, content_hash) WHERE external_id <> '';

-- What messages said that carry a credential; they themselves hold dots.
CREATE TABLE masked_messages (
    workspace_id    BIGINT NOT NULL,
    message_id      BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    kind            TEXT   NOT NULL CHECK (kind IN ('code', 'link', 'reset', 'domain')),
    provider        TEXT   NOT NULL, -- '': none that is known
    domain          TEXT   NOT NULL, -- of the sender's address
    phrase          TEXT   NOT NULL, -- by which it was recognised
    words           TEXT   NOT NULL, -- JSON: subject, text, html, reply text, files
    PRIMARY KEY (workspace_id, message_id)
);
CREATE INDEX masked_messages_conversation ON masked_messages (workspace_id, conversation_id);

-- Whom the mails that teammates forward into an inbox name as their sender.
CREATE TABLE forwarded_originals (
    workspace_id    BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    message_id      BIGINT NOT NULL, -- the forward
    forwarder_id    BIGINT NOT NULL, -- the agent whose address it came from
    name            TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN ('proposed', 'taken', 'declined')),
    decided_by      BIGINT NOT NULL, -- an agent; 0: nobody yet
    decided_at      BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id)
);

-- The id of an attachment is that of its blob.
CREATE TABLE message_attachments (
    workspace_id BIGINT  NOT NULL,
    message_id   BIGINT  NOT NULL,
    position     BIGINT  NOT NULL,
    blob_id      BIGINT  NOT NULL,
    name         TEXT    NOT NULL,
    content_type TEXT    NOT NULL,
    size         BIGINT  NOT NULL,
    content_id   TEXT    NOT NULL,
    inline       BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, message_id, position)
);
CREATE INDEX message_attachments_blob ON message_attachments (workspace_id, blob_id);

CREATE TABLE participants (
    workspace_id    BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    kind            TEXT   NOT NULL CHECK (kind IN ('contact', 'agent')),
    address_key     TEXT   NOT NULL, -- folded address; # and the contact of somebody without one; an agent's id
    party_id        BIGINT NOT NULL, -- contact or agent; 0: an address nobody wrote from yet
    name            TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    role            TEXT   NOT NULL,
    proof           TEXT   NOT NULL,
    joined_at       BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, kind, address_key)
);

CREATE TABLE drafts (
    workspace_id    BIGINT NOT NULL,
    agent_id        BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    kind            TEXT   NOT NULL CHECK (kind IN ('reply', 'note')),
    body            TEXT   NOT NULL, -- JSON
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    shared          BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (workspace_id, agent_id, conversation_id, kind)
);
CREATE INDEX drafts_conversation ON drafts (workspace_id, conversation_id);

-- What drafts said before; n counts within one draft.
CREATE TABLE draft_versions (
    workspace_id    BIGINT NOT NULL,
    agent_id        BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    kind            TEXT   NOT NULL CHECK (kind IN ('reply', 'note')),
    n               BIGINT NOT NULL,
    body            TEXT   NOT NULL, -- JSON
    begun_at        BIGINT NOT NULL,
    saved_at        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, conversation_id, kind, n)
);
CREATE INDEX draft_versions_conversation ON draft_versions (workspace_id, conversation_id);

CREATE TABLE read_marks (
    workspace_id    BIGINT NOT NULL,
    agent_id        BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    position        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, conversation_id)
);
CREATE INDEX read_marks_conversation ON read_marks (workspace_id, conversation_id);

-- A projection: how many conversations stand under each key, and under which
-- key each one was counted.
CREATE TABLE view_counts (
    workspace_id BIGINT NOT NULL,
    inbox_id     BIGINT NOT NULL,
    shelf        TEXT   NOT NULL,
    team_id      BIGINT NOT NULL,
    assignee_id  BIGINT NOT NULL,
    n            BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, inbox_id, shelf, team_id, assignee_id)
);
CREATE TABLE conversation_counted (
    workspace_id    BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    inbox_id        BIGINT NOT NULL,
    shelf           TEXT   NOT NULL,
    team_id         BIGINT NOT NULL,
    assignee_id     BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id)
);

-- Whether an inbox tells senders that their mail has come, and in which words:
-- internal/conversation/acknowledgement.
CREATE TABLE acknowledgement_settings (
    workspace_id BIGINT  NOT NULL,
    inbox_id     BIGINT  NOT NULL,
    active       BOOLEAN NOT NULL,
    language     TEXT    NOT NULL,
    texts        TEXT    NOT NULL, -- JSON: the inbox's own words by language
    PRIMARY KEY (workspace_id, inbox_id)
);
-- What the caps count; forgotten after two days. One that is held counts at the
-- time it will leave.
CREATE TABLE acknowledgements (
    workspace_id    BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    inbox_id        BIGINT NOT NULL,
    address_key     TEXT   NOT NULL, -- folded, without what stands behind a plus
    at              BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id)
);
CREATE INDEX acknowledgements_address ON acknowledgements (workspace_id, address_key, at);
CREATE INDEX acknowledgements_inbox ON acknowledgements (workspace_id, inbox_id, at);
CREATE INDEX acknowledgements_at ON acknowledgements (workspace_id, at);
CREATE TABLE automatic_exchanges ( -- machines that answered what we wrote
    workspace_id    BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    position        BIGINT NOT NULL,
    address_key     TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, position)
);
CREATE INDEX automatic_exchanges_address ON automatic_exchanges (workspace_id, address_key, at);
CREATE TABLE silences ( -- nothing automatic leaves into the conversation or to the address
    workspace_id    BIGINT  NOT NULL,
    conversation_id BIGINT  NOT NULL,
    inbox_id        BIGINT  NOT NULL,
    address_key     TEXT    NOT NULL, -- of who wrote what began it; '': forged or not known
    cause           TEXT    NOT NULL CHECK (cause IN ('flood', 'exchange')),
    at              BIGINT  NOT NULL,
    until           BIGINT  NOT NULL, -- a person may end it sooner
    told            BOOLEAN NOT NULL, -- administrators have heard of it
    PRIMARY KEY (workspace_id, conversation_id)
);
CREATE INDEX silences_address ON silences (workspace_id, address_key);
