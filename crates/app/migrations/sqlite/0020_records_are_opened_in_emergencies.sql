-- Records that somebody without a relation to the child opened in an emergency. Follows from the case.
CREATE TABLE record_openings (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  opening_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  emergency TEXT NOT NULL,
  opened_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  ended_on TEXT,
  family_told_on TEXT,
  looked_at_on TEXT,
  was_right INTEGER,
  PRIMARY KEY (authority_id, case_id, opening_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_openings_by_day ON record_openings (authority_id, opened_on, opening_id);

-- Who said that it is an emergency and named a child who is not on record, or not named well enough.
CREATE TABLE opening_tries (
  authority_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  tried_at INTEGER NOT NULL,
  try_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, user_id, tried_at, try_id)
) STRICT, WITHOUT ROWID;
