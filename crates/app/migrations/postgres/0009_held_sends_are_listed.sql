-- Sends that were held because they may be another child's: what the list of them shows. Follows from
-- the case.
CREATE TABLE held_sends (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  hold_id UUID NOT NULL,
  sending TEXT NOT NULL,
  kinds TEXT NOT NULL,
  held_on DATE NOT NULL,
  held_by UUID,
  released_on DATE,
  released_by UUID,
  put_right_on DATE,
  PRIMARY KEY (authority_id, case_id, hold_id)
);
CREATE INDEX held_sends_by_day ON held_sends (authority_id, held_on, hold_id);

-- By what a text may name somebody.
CREATE INDEX people_by_nhs_number ON people (authority_id, nhs_number);
CREATE INDEX people_by_postcode ON people (authority_id, postcode);
CREATE INDEX contacts_by_name ON contacts (authority_id, LOWER(name));
CREATE INDEX contacts_by_email ON contacts (authority_id, LOWER(email));

-- Names that are on record already get their keys of first and family name together.
INSERT INTO jobs (job_id, authority_id, kind, schema, body, run_at, attempts)
  SELECT gen_random_uuid(), authority_id, 'names.keys', 1, '{}', to_timestamp(0), 0 FROM authorities;
