-- The people outside and their companies: internal/contact.

CREATE TABLE contacts (
    workspace_id BIGINT  NOT NULL,
    id           BIGINT  NOT NULL,
    name         TEXT    NOT NULL,
    sort_key     TEXT    NOT NULL, -- folded name, or address when there is no name
    search_key   TEXT    NOT NULL, -- folded name and all addresses
    company_id   BIGINT  NOT NULL,
    language     TEXT    NOT NULL,
    time_zone    TEXT    NOT NULL,
    city         TEXT    NOT NULL,
    note         TEXT    NOT NULL,
    since        BIGINT  NOT NULL, -- customer since; 0: not known
    blocked      BOOLEAN NOT NULL,
    created_at   BIGINT  NOT NULL,
    version      BIGINT  NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX contacts_sorted ON contacts (workspace_id, sort_key, id);
CREATE INDEX contacts_of_company ON contacts (workspace_id, company_id, sort_key, id);

-- What a contact is known by: an address (email, phone) or the id another
-- system gave (kind external, with its name in system). A visitor is a browser
-- or a form. A typed address proves nothing: system names its contact, so that
-- any number of contacts may have typed the same.
CREATE TABLE contact_identities (
    workspace_id BIGINT  NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('email', 'phone', 'external', 'visitor', 'typed')),
    system       TEXT    NOT NULL,
    address_key  TEXT    NOT NULL, -- folded
    contact_id   BIGINT  NOT NULL,
    address      TEXT    NOT NULL,
    verified     BOOLEAN NOT NULL,
    created_at   BIGINT  NOT NULL,
    PRIMARY KEY (workspace_id, kind, system, address_key)
);
CREATE INDEX contact_identities_of ON contact_identities (workspace_id, contact_id, created_at);

CREATE TABLE companies (
    workspace_id BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    name         TEXT   NOT NULL,
    sort_key     TEXT   NOT NULL, -- folded name
    domain       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX companies_domain ON companies (workspace_id, domain) WHERE domain <> '';
CREATE INDEX companies_sorted ON companies (workspace_id, sort_key, id);

-- Values that events may not hold, one row per change, erased with the person.
CREATE TABLE field_history (
    workspace_id BIGINT NOT NULL,
    object       TEXT   NOT NULL, -- contact, company, conversation
    object_id    BIGINT NOT NULL,
    field        TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    value        TEXT   NOT NULL
);
CREATE INDEX field_history_of ON field_history (workspace_id, object, object_id, at);

-- Addresses that get no automatic mail, whoever they belong to, with the remote
-- server's words.
CREATE TABLE suppressions (
    workspace_id BIGINT NOT NULL,
    address_key  TEXT   NOT NULL, -- folded
    kind         TEXT   NOT NULL CHECK (kind IN ('automatic', 'news')), -- what stays away
    cause        TEXT   NOT NULL CHECK (cause IN ('bounce', 'complaint', 'news')),
    reason       TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, address_key, kind)
);
