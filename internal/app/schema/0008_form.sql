-- What forms have taken: internal/channel/form. The words are in the receipts;
-- here is what tells a repeated submission, a reference, and how many came.
CREATE TABLE form_submissions (
  workspace_id BIGINT NOT NULL, inbox_id BIGINT NOT NULL, token_id TEXT NOT NULL,
  reference TEXT NOT NULL, content_hash TEXT NOT NULL,
  network TEXT NOT NULL, -- a keyed hash of where it came from
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, token_id)
);
CREATE INDEX form_submissions_by_time ON form_submissions (workspace_id, inbox_id, at);
CREATE INDEX form_submissions_by_network ON form_submissions (workspace_id, inbox_id, network, at);
CREATE INDEX form_submissions_by_reference ON form_submissions (workspace_id, inbox_id, reference);
