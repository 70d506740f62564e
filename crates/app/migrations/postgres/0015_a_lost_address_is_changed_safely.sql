-- The address that somebody signs in with is to change. It is held for three days, in which the old address can stop it.
CREATE TABLE address_changes (
  authority_id UUID NOT NULL REFERENCES authorities,
  change_id UUID NOT NULL,
  user_id UUID NOT NULL,
  old_email TEXT NOT NULL,
  new_email TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL,
  -- Whoever of the staff saw the person, and how they knew them; none when they changed it themself.
  asked_by UUID,
  seen TEXT,
  agreed_by UUID,
  takes_effect_at TIMESTAMPTZ,
  stop_hash BYTEA,
  settled_at TIMESTAMPTZ,
  PRIMARY KEY (authority_id, change_id)
);
CREATE INDEX address_changes_by_user ON address_changes (authority_id, user_id, asked_at);
CREATE INDEX address_changes_by_state ON address_changes (authority_id, state, asked_at);
CREATE UNIQUE INDEX address_changes_by_stop ON address_changes (stop_hash);
