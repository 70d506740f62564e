-- A file on its way in parts, or whole and not sent yet. Its bytes wait under the upload's id. Only
-- whoever can name its place may go on with it: the hash of a form's code, or of a child and a person.
CREATE TABLE uploads (
  upload_id UUID NOT NULL PRIMARY KEY,
  place_hash BYTEA NOT NULL,
  authority_id UUID NOT NULL REFERENCES authorities,
  title TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  arrived_bytes BIGINT NOT NULL,
  -- Somebody is sending a part of it now; a server that died stops writing at this time.
  writing_until TIMESTAMPTZ,
  ends_at TIMESTAMPTZ NOT NULL,
  -- Of a file that is whole.
  media_type TEXT,
  fingerprint TEXT,
  sha256 TEXT,
  -- What was typed about it so far.
  said TEXT NOT NULL
);
CREATE INDEX uploads_by_place ON uploads (place_hash, upload_id);
CREATE INDEX uploads_by_end ON uploads (ends_at);

-- What a virus check said of a file's bytes. A file without a row was made here.
CREATE TABLE file_checks (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  finding TEXT,
  asked_at TIMESTAMPTZ NOT NULL,
  answered_at TIMESTAMPTZ
);
CREATE INDEX file_checks_by_state ON file_checks (state, asked_at);
CREATE INDEX documents_by_fingerprint ON documents (fingerprint);
