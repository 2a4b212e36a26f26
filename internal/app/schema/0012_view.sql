-- Saved views: internal/conversation/view.
CREATE TABLE views (
    workspace_id BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    key          TEXT   NOT NULL, -- stable, for addresses and for export and import
    owner_id     BIGINT NOT NULL, -- an agent; 0: shared
    name         TEXT   NOT NULL,
    conditions   TEXT   NOT NULL, -- JSON
    sort         TEXT   NOT NULL CHECK (sort IN ('newest', 'oldest', 'created', 'priority')),
    columns      TEXT   NOT NULL, -- JSON: what a row shows
    position     BIGINT NOT NULL, -- among the shared ones, or those of the owner
    changed_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX views_key ON views (workspace_id, key);
CREATE INDEX views_owner ON views (workspace_id, owner_id, position, id);
