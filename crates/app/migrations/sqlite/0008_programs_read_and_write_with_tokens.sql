-- A service is a user that nobody signs in as: what it does stands in the journal under its name.
ALTER TABLE users ADD COLUMN is_service INTEGER NOT NULL DEFAULT 0;

-- What a program shows instead of a password. Only its hash is kept.
CREATE TABLE api_tokens (
  token_hash BLOB NOT NULL PRIMARY KEY,
  token_id BLOB NOT NULL UNIQUE,
  authority_id BLOB NOT NULL REFERENCES authorities,
  user_id BLOB NOT NULL,
  name TEXT NOT NULL,
  may_write INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  made_by BLOB,
  ends_at INTEGER NOT NULL,
  revoked_at INTEGER,
  used_at INTEGER
) STRICT;
CREATE INDEX api_tokens_by_user ON api_tokens (authority_id, user_id, token_id);

-- Answers to requests that came with a key of their own, so that asking again does nothing twice.
-- While the status is empty the first request is under way, or its end is not known.
CREATE TABLE api_answers (
  token_id BLOB NOT NULL,
  key_hash BLOB NOT NULL,
  fingerprint BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  status INTEGER,
  headers TEXT,
  body BLOB,
  PRIMARY KEY (token_id, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_answers_by_age ON api_answers (made_at);
