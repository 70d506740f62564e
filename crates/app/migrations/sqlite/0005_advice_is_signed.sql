-- What advisers write: every saved version of a report, never changed afterwards.
CREATE TABLE report_versions (
  authority_id BLOB NOT NULL,
  version_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  fingerprint TEXT NOT NULL,
  content TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  saved_by BLOB,
  PRIMARY KEY (authority_id, version_id)
) STRICT;
CREATE INDEX report_versions_by_case ON report_versions (authority_id, case_id);

-- A queue holds advice to write and drafts to look at.
ALTER TABLE advice_waiting ADD COLUMN purpose TEXT NOT NULL DEFAULT 'advice';
