-- Records that somebody without a relation to the child opened in an emergency. Follows from the case.
CREATE TABLE record_openings (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  opening_id UUID NOT NULL,
  user_id UUID NOT NULL,
  emergency TEXT NOT NULL,
  opened_on DATE NOT NULL,
  until_on DATE NOT NULL,
  ended_on DATE,
  family_told_on DATE,
  looked_at_on DATE,
  was_right BOOLEAN,
  PRIMARY KEY (authority_id, case_id, opening_id)
);
CREATE INDEX record_openings_by_day ON record_openings (authority_id, opened_on, opening_id);

-- Who said that it is an emergency and named a child who is not on record, or not named well enough.
CREATE TABLE opening_tries (
  authority_id UUID NOT NULL,
  user_id UUID NOT NULL,
  tried_at TIMESTAMPTZ NOT NULL,
  try_id UUID NOT NULL,
  PRIMARY KEY (authority_id, user_id, tried_at, try_id)
);
