-- What was recorded and has no place in the feed yet. Acts that end at the same time are put in one
-- order afterwards, so that no reader of the feed passes by an entry that comes to light later.
CREATE TABLE feed_new (
  authority_id BLOB NOT NULL,
  recorded_at INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (authority_id, recorded_at, case_id, sequence)
) STRICT, WITHOUT ROWID;

-- The last place that was given in an area.
CREATE TABLE feed_heads (
  authority_id BLOB NOT NULL PRIMARY KEY REFERENCES authorities,
  position INTEGER NOT NULL
) STRICT;

-- Everything that was recorded in an area, in one order: which case and what kind, nothing of what was said.
CREATE TABLE feed (
  authority_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  name TEXT NOT NULL,
  topic TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (authority_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_by_time ON feed (authority_id, recorded_at);

INSERT INTO feed (authority_id, position, case_id, sequence, name, topic, recorded_at)
  SELECT authority_id, ROW_NUMBER() OVER (PARTITION BY authority_id ORDER BY recorded_at, case_id, sequence),
    case_id, sequence, name, substr(name, 1, instr(name, '.') - 1), recorded_at
  FROM journal WHERE instr(name, '.') > 1;
INSERT INTO feed_heads (authority_id, position) SELECT authority_id, MAX(position) FROM feed GROUP BY authority_id;

-- Programs that are told by a request to an address of theirs.
CREATE TABLE webhooks (
  authority_id BLOB NOT NULL REFERENCES authorities,
  webhook_id BLOB NOT NULL,
  -- Counts changes, so that two people do not undo each other's.
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  -- Which topics, with a comma before and after each.
  topics TEXT NOT NULL,
  -- The person or service by whose rights it is told.
  user_id BLOB NOT NULL,
  secret BLOB NOT NULL,
  -- The one before, which still signs until this time.
  old_secret BLOB,
  old_until INTEGER,
  made_at INTEGER NOT NULL,
  made_by BLOB NOT NULL,
  paused_at INTEGER,
  -- Why; empty when a person paused it.
  paused_why TEXT,
  ended_at INTEGER,
  -- Failures in a row, since when, and until when it is left alone.
  failures INTEGER NOT NULL,
  failing_since INTEGER,
  go_at INTEGER,
  leased_until INTEGER,
  PRIMARY KEY (authority_id, webhook_id)
) STRICT;

-- What is on its way to whom, and what arrived.
CREATE TABLE webhook_deliveries (
  authority_id BLOB NOT NULL,
  webhook_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  go_at INTEGER NOT NULL,
  tried_at INTEGER,
  status INTEGER,
  failure TEXT,
  PRIMARY KEY (authority_id, webhook_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (authority_id, webhook_id, go_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (tried_at);
