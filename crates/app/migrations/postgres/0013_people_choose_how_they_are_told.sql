-- How somebody is reached: what they chose, and what is known of each address.
CREATE TABLE reach (
  authority_id UUID NOT NULL REFERENCES authorities,
  user_id UUID NOT NULL,
  channel TEXT NOT NULL,
  pace TEXT NOT NULL,
  quiet_from BIGINT NOT NULL,
  quiet_until BIGINT NOT NULL,
  quiet_emails BOOLEAN NOT NULL,
  number TEXT,
  number_state TEXT NOT NULL,
  address TEXT,
  address_state TEXT NOT NULL,
  email_state TEXT NOT NULL,
  other_language TEXT,
  saved_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (authority_id, user_id)
);

-- A message knows for whom it is, what it is about, on which channel it goes and when, and what became of it.
ALTER TABLE messages ADD COLUMN user_id UUID;
ALTER TABLE messages ADD COLUMN kind TEXT NOT NULL DEFAULT 'earlier';
ALTER TABLE messages ADD COLUMN channel TEXT NOT NULL DEFAULT 'email';
ALTER TABLE messages ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE messages ADD COLUMN go_at TIMESTAMPTZ;
ALTER TABLE messages ADD COLUMN link TEXT;
ALTER TABLE messages ADD COLUMN reference TEXT;
ALTER TABLE messages ADD COLUMN failure TEXT;
ALTER TABLE messages ADD COLUMN part_of UUID;
ALTER TABLE messages ADD COLUMN settled_at TIMESTAMPTZ;
UPDATE messages SET state = 'sent' WHERE sent_at IS NOT NULL;
UPDATE messages SET go_at = made_at;
CREATE INDEX messages_by_state ON messages (authority_id, state, channel, go_at);
CREATE INDEX messages_by_user ON messages (authority_id, user_id, made_at);
CREATE INDEX messages_by_reference ON messages (reference);

-- Each time that a message was handed to a carrier, and what the carrier said.
CREATE TABLE message_attempts (
  authority_id UUID NOT NULL,
  message_id UUID NOT NULL,
  attempt BIGINT NOT NULL,
  tried_at TIMESTAMPTZ NOT NULL,
  channel TEXT NOT NULL,
  outcome TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (authority_id, message_id, attempt)
);
CREATE INDEX message_attempts_by_time ON message_attempts (authority_id, channel, tried_at);
