-- Numbers that are counted from 1, such as the receipts of an area in a year.
CREATE TABLE counters (
  authority_id UUID NOT NULL REFERENCES authorities,
  name TEXT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (authority_id, name)
);

-- A form that was begun. Whoever has its code may go on with it until it ends; only the hash of the
-- code is kept. Once it is sent the answers are in the record and no longer here.
CREATE TABLE drafts (
  code_hash BYTEA NOT NULL PRIMARY KEY,
  authority_id UUID NOT NULL REFERENCES authorities,
  answers TEXT NOT NULL,
  started_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  case_id UUID,
  sent_at TIMESTAMPTZ
);
CREATE INDEX drafts_by_end ON drafts (ends_at);

-- Files added to a form that is not sent yet. Their bytes wait under the file's id.
CREATE TABLE draft_files (
  file_id UUID NOT NULL PRIMARY KEY,
  code_hash BYTEA NOT NULL,
  title TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  sha256 TEXT NOT NULL
);
CREATE INDEX draft_files_by_draft ON draft_files (code_hash, file_id);

-- Those of a family who have an account: what their access rests on.
CREATE TABLE case_family (
  authority_id UUID NOT NULL,
  user_id UUID NOT NULL,
  case_id UUID NOT NULL,
  PRIMARY KEY (authority_id, user_id, case_id)
);
CREATE INDEX case_family_by_case ON case_family (authority_id, case_id);
