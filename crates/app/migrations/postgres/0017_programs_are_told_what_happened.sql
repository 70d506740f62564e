-- What was recorded and has no place in the feed yet. Acts that end at the same time are put in one
-- order afterwards, so that no reader of the feed passes by an entry that comes to light later.
CREATE TABLE feed_new (
  authority_id UUID NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  case_id UUID NOT NULL,
  sequence BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (authority_id, recorded_at, case_id, sequence)
);

-- The last place that was given in an area.
CREATE TABLE feed_heads (
  authority_id UUID NOT NULL PRIMARY KEY REFERENCES authorities,
  position BIGINT NOT NULL
);

-- Everything that was recorded in an area, in one order: which case and what kind, nothing of what was said.
CREATE TABLE feed (
  authority_id UUID NOT NULL,
  position BIGINT NOT NULL,
  case_id UUID NOT NULL,
  sequence BIGINT NOT NULL,
  name TEXT NOT NULL,
  topic TEXT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (authority_id, position)
);
CREATE INDEX feed_by_time ON feed (authority_id, recorded_at);

INSERT INTO feed (authority_id, position, case_id, sequence, name, topic, recorded_at)
  SELECT authority_id, ROW_NUMBER() OVER (PARTITION BY authority_id ORDER BY recorded_at, case_id, sequence),
    case_id, sequence, name, split_part(name, '.', 1), recorded_at
  FROM journal WHERE strpos(name, '.') > 1;
INSERT INTO feed_heads (authority_id, position) SELECT authority_id, MAX(position) FROM feed GROUP BY authority_id;

-- Programs that are told by a request to an address of theirs.
CREATE TABLE webhooks (
  authority_id UUID NOT NULL REFERENCES authorities,
  webhook_id UUID NOT NULL,
  -- Counts changes, so that two people do not undo each other's.
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  -- Which topics, with a comma before and after each.
  topics TEXT NOT NULL,
  -- The person or service by whose rights it is told.
  user_id UUID NOT NULL,
  secret BYTEA NOT NULL,
  -- The one before, which still signs until this time.
  old_secret BYTEA,
  old_until TIMESTAMPTZ,
  made_at TIMESTAMPTZ NOT NULL,
  made_by UUID NOT NULL,
  paused_at TIMESTAMPTZ,
  -- Why; empty when a person paused it.
  paused_why TEXT,
  ended_at TIMESTAMPTZ,
  -- Failures in a row, since when, and until when it is left alone.
  failures BIGINT NOT NULL,
  failing_since TIMESTAMPTZ,
  go_at TIMESTAMPTZ,
  leased_until TIMESTAMPTZ,
  PRIMARY KEY (authority_id, webhook_id)
);

-- What is on its way to whom, and what arrived.
CREATE TABLE webhook_deliveries (
  authority_id UUID NOT NULL,
  webhook_id UUID NOT NULL,
  position BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  go_at TIMESTAMPTZ NOT NULL,
  tried_at TIMESTAMPTZ,
  status BIGINT,
  failure TEXT,
  PRIMARY KEY (authority_id, webhook_id, position)
);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (authority_id, webhook_id, go_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (tried_at);
