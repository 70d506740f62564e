-- What leaves the house: emails that were sent or wait to be.
CREATE TABLE messages (
  authority_id UUID NOT NULL REFERENCES authorities,
  message_id UUID NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  sent_at TIMESTAMPTZ,
  PRIMARY KEY (authority_id, message_id)
);

-- A code that was sent to an address, to be typed in within minutes.
CREATE TABLE sign_in_codes (
  email TEXT NOT NULL PRIMARY KEY,
  code_hash BYTEA NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  tries BIGINT NOT NULL
);

-- Codes that were asked for, so that nobody's inbox is filled.
CREATE TABLE sign_in_code_requests (
  request_id UUID NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_code_requests_by_email ON sign_in_code_requests (email, asked_at);

-- Who opened a child's record on which day.
CREATE TABLE looks (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  seen_on DATE NOT NULL,
  user_id UUID NOT NULL,
  first_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (authority_id, case_id, seen_on, user_id)
);
