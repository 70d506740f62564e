-- One row an area. Everything else carries its authority_id as first column of its key.
CREATE TABLE authorities (
  authority_id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  profile TEXT NOT NULL
) STRICT;

CREATE TABLE users (
  authority_id BLOB NOT NULL REFERENCES authorities,
  user_id BLOB NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  setting_urn INTEGER,
  body_id BLOB,
  password_hash TEXT,
  active INTEGER NOT NULL,
  PRIMARY KEY (authority_id, user_id)
) STRICT;
CREATE UNIQUE INDEX users_by_email ON users (email);

CREATE TABLE sessions (
  token_hash BLOB NOT NULL PRIMARY KEY,
  authority_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (authority_id, user_id);

-- Failed sign-ins, so that guessing is slowed down without locking anyone out for good.
CREATE TABLE sign_in_failures (
  email TEXT NOT NULL,
  failed_at INTEGER NOT NULL,
  failure_id BLOB NOT NULL PRIMARY KEY
) STRICT;
CREATE INDEX sign_in_failures_by_email ON sign_in_failures (email, failed_at);

-- Teams and bodies that give advice.
CREATE TABLE bodies (
  authority_id BLOB NOT NULL REFERENCES authorities,
  body_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  PRIMARY KEY (authority_id, body_id)
) STRICT;

-- The national register of establishments is public and shared by every area.
CREATE TABLE establishments (
  urn INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  authority_code TEXT,
  phase TEXT,
  kind TEXT,
  open INTEGER NOT NULL,
  postcode TEXT,
  low_age INTEGER,
  high_age INTEGER,
  capacity INTEGER,
  ukprn INTEGER,
  easting INTEGER,
  northing INTEGER,
  sen_unit INTEGER,
  resourced_provision INTEGER
) STRICT;
CREATE INDEX establishments_by_authority ON establishments (authority_code, name);

-- How far a case has come in its journal, and what lists ask for.
CREATE TABLE cases (
  authority_id BLOB NOT NULL REFERENCES authorities,
  case_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  stage TEXT NOT NULL,
  officer_id BLOB,
  setting_urn INTEGER,
  born_on TEXT,
  primary_need TEXT,
  request_received_on TEXT,
  out_of_education_since TEXT,
  plan_first_made_on TEXT,
  ever_reviewed INTEGER NOT NULL,
  meeting_on TEXT,
  transfer_on TEXT,
  next_due_on TEXT,
  head BLOB NOT NULL,
  PRIMARY KEY (authority_id, case_id)
) STRICT;
CREATE INDEX cases_by_officer ON cases (authority_id, officer_id, next_due_on, case_id);
CREATE INDEX cases_by_setting ON cases (authority_id, setting_urn, next_due_on, case_id);
CREATE INDEX cases_by_due ON cases (authority_id, next_due_on, case_id);

-- A case as it was at one of its versions, as compressed JSON, so that reading it does not begin at
-- its first entry.
CREATE TABLE snapshots (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  state BLOB NOT NULL,
  PRIMARY KEY (authority_id, case_id)
) STRICT;

-- Teams asked for advice in the live request: what an adviser's access rests on.
CREATE TABLE case_bodies (
  authority_id BLOB NOT NULL,
  body_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, body_id, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_bodies_by_case ON case_bodies (authority_id, case_id);

-- Names and numbers of children and young people; corrected in place, never in the journal.
CREATE TABLE people (
  authority_id BLOB NOT NULL REFERENCES authorities,
  person_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  known_as TEXT,
  born_on TEXT NOT NULL,
  sex TEXT,
  ethnicity TEXT,
  postcode TEXT,
  address TEXT,
  home_language TEXT,
  upn TEXT,
  uln TEXT,
  nhs_number TEXT,
  PRIMARY KEY (authority_id, person_id)
) STRICT;
CREATE UNIQUE INDEX people_by_case ON people (authority_id, case_id);
CREATE INDEX people_by_upn ON people (authority_id, upn);
CREATE INDEX people_by_uln ON people (authority_id, uln);
CREATE INDEX people_by_birth ON people (authority_id, born_on);

-- How a name sounds and begins: search by half a name or another spelling.
CREATE TABLE people_keys (
  authority_id BLOB NOT NULL,
  name_key TEXT NOT NULL,
  case_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, name_key, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX people_keys_by_case ON people_keys (authority_id, case_id);

CREATE TABLE contacts (
  authority_id BLOB NOT NULL REFERENCES authorities,
  person_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  relation TEXT NOT NULL,
  name TEXT NOT NULL,
  organisation TEXT,
  email TEXT,
  telephone TEXT,
  address TEXT,
  receives_notices INTEGER NOT NULL,
  PRIMARY KEY (authority_id, person_id)
) STRICT;
CREATE INDEX contacts_by_case ON contacts (authority_id, case_id);

-- What happened. Append only; each row holds the hash of the one before it in its case.
CREATE TABLE journal (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  recorded_on TEXT NOT NULL,
  actor_id BLOB,
  actor_role TEXT NOT NULL,
  action TEXT NOT NULL,
  name TEXT NOT NULL,
  schema INTEGER NOT NULL,
  body TEXT NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (authority_id, case_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_by_day ON journal (authority_id, recorded_on, case_id, sequence);

-- The head of each finished day: a hash over that day's journal rows.
CREATE TABLE journal_days (
  authority_id BLOB NOT NULL,
  recorded_on TEXT NOT NULL,
  entries INTEGER NOT NULL,
  head BLOB NOT NULL,
  PRIMARY KEY (authority_id, recorded_on)
) STRICT;

-- Duties only: what somebody must do by a day. Other dates are worked out on the child's page.
CREATE TABLE deadlines (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  ordinal INTEGER NOT NULL,
  rule TEXT NOT NULL,
  subject INTEGER NOT NULL,
  triggered_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  do_by TEXT NOT NULL,
  strength TEXT NOT NULL,
  met_on TEXT,
  disapplied INTEGER NOT NULL,
  superseded INTEGER NOT NULL,
  officer_id BLOB,
  PRIMARY KEY (authority_id, case_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX deadlines_open ON deadlines (authority_id, officer_id, due_on)
  WHERE met_on IS NULL AND NOT superseded AND NOT disapplied;
CREATE INDEX deadlines_due ON deadlines (authority_id, due_on)
  WHERE met_on IS NULL AND NOT superseded AND NOT disapplied;

CREATE TABLE tasks (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  due_on TEXT,
  count INTEGER NOT NULL,
  PRIMARY KEY (authority_id, case_id, kind)
) STRICT, WITHOUT ROWID;

-- Free text, named by id in the journal.
CREATE TABLE texts (
  authority_id BLOB NOT NULL,
  text_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority_id, text_id)
) STRICT;
CREATE INDEX texts_by_case ON texts (authority_id, case_id);

-- Immutable versions of a plan's content.
CREATE TABLE plan_versions (
  authority_id BLOB NOT NULL,
  version_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  fingerprint TEXT NOT NULL,
  content TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  saved_by BLOB,
  PRIMARY KEY (authority_id, version_id)
) STRICT;
CREATE INDEX plan_versions_by_case ON plan_versions (authority_id, case_id);

-- Files that were made or received. The bytes lie in the file store under their fingerprint.
CREATE TABLE documents (
  authority_id BLOB NOT NULL,
  document_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  made_on TEXT NOT NULL,
  notice_id BLOB,
  PRIMARY KEY (authority_id, document_id)
) STRICT;
CREATE INDEX documents_by_case ON documents (authority_id, case_id, document_id);

-- What happens later. Claimed by lease; a job that dies is taken up again when the lease ends.
CREATE TABLE jobs (
  job_id BLOB NOT NULL PRIMARY KEY,
  authority_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  schema INTEGER NOT NULL,
  body TEXT NOT NULL,
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  leased_until INTEGER,
  finished_at INTEGER,
  failure TEXT
) STRICT;
CREATE INDEX jobs_waiting ON jobs (run_at, job_id) WHERE finished_at IS NULL;

CREATE TABLE imports (
  authority_id BLOB NOT NULL REFERENCES authorities,
  import_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  started_by BLOB,
  bytes_total INTEGER NOT NULL,
  bytes_done INTEGER NOT NULL,
  summary TEXT NOT NULL,
  PRIMARY KEY (authority_id, import_id)
) STRICT;

CREATE TABLE import_findings (
  authority_id BLOB NOT NULL,
  import_id BLOB NOT NULL,
  ordinal INTEGER NOT NULL,
  severity TEXT NOT NULL,
  line INTEGER,
  reference TEXT,
  item TEXT,
  rule TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (authority_id, import_id, ordinal)
) STRICT;
