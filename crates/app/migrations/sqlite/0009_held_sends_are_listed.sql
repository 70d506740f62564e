-- Sends that were held because they may be another child's: what the list of them shows. Follows from
-- the case.
CREATE TABLE held_sends (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  hold_id BLOB NOT NULL,
  sending TEXT NOT NULL,
  kinds TEXT NOT NULL,
  held_on TEXT NOT NULL,
  held_by BLOB,
  released_on TEXT,
  released_by BLOB,
  put_right_on TEXT,
  PRIMARY KEY (authority_id, case_id, hold_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_sends_by_day ON held_sends (authority_id, held_on, hold_id);

-- By what a text may name somebody.
CREATE INDEX people_by_nhs_number ON people (authority_id, nhs_number);
CREATE INDEX people_by_postcode ON people (authority_id, postcode);
CREATE INDEX contacts_by_name ON contacts (authority_id, LOWER(name));
CREATE INDEX contacts_by_email ON contacts (authority_id, LOWER(email));

-- Names that are on record already get their keys of first and family name together.
INSERT INTO jobs (job_id, authority_id, kind, schema, body, run_at, attempts)
  SELECT randomblob(16), authority_id, 'names.keys', 1, '{}', 0, 0 FROM authorities;
