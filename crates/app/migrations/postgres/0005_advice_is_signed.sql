-- What advisers write: every saved version of a report, never changed afterwards.
CREATE TABLE report_versions (
  authority_id UUID NOT NULL,
  version_id UUID NOT NULL,
  case_id UUID NOT NULL,
  fingerprint TEXT NOT NULL,
  content TEXT NOT NULL,
  saved_at TIMESTAMPTZ NOT NULL,
  saved_by UUID,
  PRIMARY KEY (authority_id, version_id)
);
CREATE INDEX report_versions_by_case ON report_versions (authority_id, case_id);

-- A queue holds advice to write and drafts to look at.
ALTER TABLE advice_waiting ADD COLUMN purpose TEXT NOT NULL DEFAULT 'advice';
