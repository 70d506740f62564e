-- How somebody is reached: what they chose, and what is known of each address.
CREATE TABLE reach (
  authority_id BLOB NOT NULL REFERENCES authorities,
  user_id BLOB NOT NULL,
  channel TEXT NOT NULL,
  pace TEXT NOT NULL,
  quiet_from INTEGER NOT NULL,
  quiet_until INTEGER NOT NULL,
  quiet_emails INTEGER NOT NULL,
  number TEXT,
  number_state TEXT NOT NULL,
  address TEXT,
  address_state TEXT NOT NULL,
  email_state TEXT NOT NULL,
  other_language TEXT,
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (authority_id, user_id)
) STRICT;

-- A message knows for whom it is, what it is about, on which channel it goes and when, and what became of it.
ALTER TABLE messages ADD COLUMN user_id BLOB;
ALTER TABLE messages ADD COLUMN kind TEXT NOT NULL DEFAULT 'earlier';
ALTER TABLE messages ADD COLUMN channel TEXT NOT NULL DEFAULT 'email';
ALTER TABLE messages ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE messages ADD COLUMN go_at INTEGER;
ALTER TABLE messages ADD COLUMN link TEXT;
ALTER TABLE messages ADD COLUMN reference TEXT;
ALTER TABLE messages ADD COLUMN failure TEXT;
ALTER TABLE messages ADD COLUMN part_of BLOB;
ALTER TABLE messages ADD COLUMN settled_at INTEGER;
UPDATE messages SET state = 'sent' WHERE sent_at IS NOT NULL;
UPDATE messages SET go_at = made_at;
CREATE INDEX messages_by_state ON messages (authority_id, state, channel, go_at);
CREATE INDEX messages_by_user ON messages (authority_id, user_id, made_at);
CREATE INDEX messages_by_reference ON messages (reference);

-- Each time that a message was handed to a carrier, and what the carrier said.
CREATE TABLE message_attempts (
  authority_id BLOB NOT NULL,
  message_id BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  tried_at INTEGER NOT NULL,
  channel TEXT NOT NULL,
  outcome TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (authority_id, message_id, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_attempts_by_time ON message_attempts (authority_id, channel, tried_at);
