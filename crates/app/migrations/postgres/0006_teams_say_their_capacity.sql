-- What a team said of the days it has for advice and the days a piece takes, in tenths of days.
CREATE TABLE team_capacity (
  authority_id UUID NOT NULL,
  body_id UUID NOT NULL,
  each_tenths BIGINT NOT NULL,
  week_tenths BIGINT NOT NULL,
  said_by UUID NOT NULL,
  said_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (authority_id, body_id)
);

-- Weeks that differ: leave, a locum.
CREATE TABLE team_weeks (
  authority_id UUID NOT NULL,
  body_id UUID NOT NULL,
  monday DATE NOT NULL,
  week_tenths BIGINT NOT NULL,
  PRIMARY KEY (authority_id, body_id, monday)
);
