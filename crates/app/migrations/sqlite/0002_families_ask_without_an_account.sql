-- Numbers that are counted from 1, such as the receipts of an area in a year.
CREATE TABLE counters (
  authority_id BLOB NOT NULL REFERENCES authorities,
  name TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (authority_id, name)
) STRICT;

-- A form that was begun. Whoever has its code may go on with it until it ends; only the hash of the
-- code is kept. Once it is sent the answers are in the record and no longer here.
CREATE TABLE drafts (
  code_hash BLOB NOT NULL PRIMARY KEY,
  authority_id BLOB NOT NULL REFERENCES authorities,
  answers TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  case_id BLOB,
  sent_at INTEGER
) STRICT;
CREATE INDEX drafts_by_end ON drafts (ends_at);

-- Files added to a form that is not sent yet. Their bytes wait under the file's id.
CREATE TABLE draft_files (
  file_id BLOB NOT NULL PRIMARY KEY,
  code_hash BLOB NOT NULL,
  title TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX draft_files_by_draft ON draft_files (code_hash, file_id);

-- Those of a family who have an account: what their access rests on.
CREATE TABLE case_family (
  authority_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, user_id, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_family_by_case ON case_family (authority_id, case_id);
