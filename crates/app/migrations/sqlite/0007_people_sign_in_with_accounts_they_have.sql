-- A session says how and where it was begun, so that its owner can see and end it. Everyone signs in again once.
DROP TABLE sessions;
CREATE TABLE sessions (
  token_hash BLOB NOT NULL PRIMARY KEY,
  session_id BLOB NOT NULL UNIQUE,
  authority_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  way TEXT NOT NULL,
  browser TEXT NOT NULL,
  -- At a provider: the account, its session there, and what is shown when leaving, sealed with a key that only the browser has.
  subject_hash BLOB,
  provider_session_hash BLOB,
  sealed_token BLOB
) STRICT;
CREATE INDEX sessions_by_user ON sessions (authority_id, user_id);
CREATE INDEX sessions_by_subject ON sessions (subject_hash);

-- Which account of a provider is which person here. The provider's own number for them is kept as a hash.
CREATE TABLE sign_in_links (
  subject_hash BLOB NOT NULL PRIMARY KEY,
  authority_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  provider TEXT NOT NULL,
  linked_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sign_in_links_by_user ON sign_in_links (authority_id, user_id, provider);

-- People on their way to a provider and back: ten minutes, once, in one browser.
CREATE TABLE sign_in_attempts (
  state_hash BLOB NOT NULL PRIMARY KEY,
  browser_hash BLOB NOT NULL,
  provider TEXT NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_attempts_by_end ON sign_in_attempts (ends_at);

-- What a provider may say only once.
CREATE TABLE sign_in_spent (
  spent_hash BLOB NOT NULL PRIMARY KEY,
  ends_at INTEGER NOT NULL
) STRICT;

CREATE TABLE passkeys (
  authority_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  passkey_id BLOB NOT NULL,
  credential_hash BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL,
  credential TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (authority_id, user_id, passkey_id)
) STRICT;

-- What a passkey was asked to sign: minutes, once, in one browser.
CREATE TABLE passkey_challenges (
  challenge_id BLOB NOT NULL PRIMARY KEY,
  browser_hash BLOB NOT NULL,
  state TEXT NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX passkey_challenges_by_end ON passkey_challenges (ends_at);

-- Who came in, who did not, and why. Never a password, a code or a token.
CREATE TABLE sign_in_events (
  event_id BLOB NOT NULL PRIMARY KEY,
  authority_id BLOB,
  happened_at INTEGER NOT NULL,
  way TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  reference TEXT NOT NULL,
  user_id BLOB,
  address TEXT,
  subject_hash BLOB
) STRICT;
CREATE INDEX sign_in_events_by_time ON sign_in_events (authority_id, happened_at, event_id);
CREATE INDEX sign_in_events_by_age ON sign_in_events (happened_at);
CREATE INDEX sign_in_events_by_user ON sign_in_events (user_id, happened_at);
