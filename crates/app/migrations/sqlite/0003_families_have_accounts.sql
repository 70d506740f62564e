-- What leaves the house: emails that were sent or wait to be.
CREATE TABLE messages (
  authority_id BLOB NOT NULL REFERENCES authorities,
  message_id BLOB NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  sent_at INTEGER,
  PRIMARY KEY (authority_id, message_id)
) STRICT;

-- A code that was sent to an address, to be typed in within minutes.
CREATE TABLE sign_in_codes (
  email TEXT NOT NULL PRIMARY KEY,
  code_hash BLOB NOT NULL,
  ends_at INTEGER NOT NULL,
  tries INTEGER NOT NULL
) STRICT;

-- Codes that were asked for, so that nobody's inbox is filled.
CREATE TABLE sign_in_code_requests (
  request_id BLOB NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_code_requests_by_email ON sign_in_code_requests (email, asked_at);

-- Who opened a child's record on which day.
CREATE TABLE looks (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  seen_on TEXT NOT NULL,
  user_id BLOB NOT NULL,
  first_at INTEGER NOT NULL,
  PRIMARY KEY (authority_id, case_id, seen_on, user_id)
) STRICT, WITHOUT ROWID;
