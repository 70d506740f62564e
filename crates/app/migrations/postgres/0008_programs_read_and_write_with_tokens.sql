-- A service is a user that nobody signs in as: what it does stands in the journal under its name.
ALTER TABLE users ADD COLUMN is_service BOOLEAN NOT NULL DEFAULT FALSE;

-- What a program shows instead of a password. Only its hash is kept.
CREATE TABLE api_tokens (
  token_hash BYTEA NOT NULL PRIMARY KEY,
  token_id UUID NOT NULL UNIQUE,
  authority_id UUID NOT NULL REFERENCES authorities,
  user_id UUID NOT NULL,
  name TEXT NOT NULL,
  may_write BOOLEAN NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  made_by UUID,
  ends_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ,
  used_at TIMESTAMPTZ
);
CREATE INDEX api_tokens_by_user ON api_tokens (authority_id, user_id, token_id);

-- Answers to requests that came with a key of their own, so that asking again does nothing twice.
-- While the status is empty the first request is under way, or its end is not known.
CREATE TABLE api_answers (
  token_id UUID NOT NULL,
  key_hash BYTEA NOT NULL,
  fingerprint BYTEA NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  status BIGINT,
  headers TEXT,
  body BYTEA,
  PRIMARY KEY (token_id, key_hash)
);
CREATE INDEX api_answers_by_age ON api_answers (made_at);
