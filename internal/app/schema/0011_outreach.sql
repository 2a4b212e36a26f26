-- internal/outreach: who got what was sent to many. The way out that each such
-- mail carries names its outbound, whichever workspace that is of.
CREATE TABLE news (
    workspace_id BIGINT NOT NULL,
    outbound_id  BIGINT NOT NULL,
    address_key  TEXT   NOT NULL, -- folded
    at           BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, outbound_id)
);
CREATE UNIQUE INDEX news_outbound ON news (outbound_id);
