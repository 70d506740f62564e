-- What a team said of the days it has for advice and the days a piece takes, in tenths of days.
CREATE TABLE team_capacity (
  authority_id BLOB NOT NULL,
  body_id BLOB NOT NULL,
  each_tenths INTEGER NOT NULL,
  week_tenths INTEGER NOT NULL,
  said_by BLOB NOT NULL,
  said_at INTEGER NOT NULL,
  PRIMARY KEY (authority_id, body_id)
) STRICT, WITHOUT ROWID;

-- Weeks that differ: leave, a locum.
CREATE TABLE team_weeks (
  authority_id BLOB NOT NULL,
  body_id BLOB NOT NULL,
  monday TEXT NOT NULL,
  week_tenths INTEGER NOT NULL,
  PRIMARY KEY (authority_id, body_id, monday)
) STRICT, WITHOUT ROWID;
