-- Who serves this database: internal/platform/node. Their leases are in leases.
CREATE TABLE nodes (
    id         TEXT   PRIMARY KEY,
    name       TEXT   NOT NULL,
    version    TEXT   NOT NULL,
    files      TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX leases_of_owner ON leases (owner);
