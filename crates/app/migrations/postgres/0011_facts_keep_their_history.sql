-- What forms asked of whom: the measure of how often each fact was asked for. Follows from the case.
CREATE TABLE askings (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  place BIGINT NOT NULL,
  form TEXT NOT NULL,
  teller TEXT NOT NULL,
  asked_on DATE NOT NULL,
  asked TEXT NOT NULL,
  confirmed TEXT NOT NULL,
  PRIMARY KEY (authority_id, case_id, place)
);
CREATE INDEX askings_by_day ON askings (authority_id, asked_on);

-- Every value that a detail of a child had, with who said it. Beside the journal, as the details are.
CREATE TABLE fact_values (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  field TEXT NOT NULL,
  version BIGINT NOT NULL,
  value TEXT NOT NULL,
  form TEXT NOT NULL,
  teller TEXT NOT NULL,
  source TEXT,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID,
  PRIMARY KEY (authority_id, case_id, field, version)
);
