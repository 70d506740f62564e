-- A professional whom a family invited, or who wrote a report that it handed in, is nobody's team to choose from.
ALTER TABLE bodies ADD COLUMN is_independent BOOLEAN NOT NULL DEFAULT FALSE;

-- The link of an invitation. Only its hash is kept; the invitation itself stands in the child's journal.
CREATE TABLE invitations (
  link_hash BYTEA NOT NULL PRIMARY KEY,
  authority_id UUID NOT NULL REFERENCES authorities,
  case_id UUID NOT NULL,
  advice_id UUID NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ
);
CREATE INDEX invitations_by_end ON invitations (ends_at);

-- Professionals who took up an invitation: their list of children.
CREATE TABLE case_invited (
  authority_id UUID NOT NULL,
  user_id UUID NOT NULL,
  case_id UUID NOT NULL,
  PRIMARY KEY (authority_id, user_id, case_id)
);
CREATE INDEX case_invited_by_case ON case_invited (authority_id, case_id);
