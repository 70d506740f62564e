-- One row an area. Everything else carries its authority_id as first column of its key.
CREATE TABLE authorities (
  authority_id UUID NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  profile TEXT NOT NULL
);

CREATE TABLE users (
  authority_id UUID NOT NULL REFERENCES authorities,
  user_id UUID NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  setting_urn BIGINT,
  body_id UUID,
  password_hash TEXT,
  active BOOLEAN NOT NULL,
  PRIMARY KEY (authority_id, user_id)
);
CREATE UNIQUE INDEX users_by_email ON users (email);

CREATE TABLE sessions (
  token_hash BYTEA NOT NULL PRIMARY KEY,
  authority_id UUID NOT NULL,
  user_id UUID NOT NULL,
  started_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (authority_id, user_id);

-- Failed sign-ins, so that guessing is slowed down without locking anyone out for good.
CREATE TABLE sign_in_failures (
  email TEXT NOT NULL,
  failed_at TIMESTAMPTZ NOT NULL,
  failure_id UUID NOT NULL PRIMARY KEY
);
CREATE INDEX sign_in_failures_by_email ON sign_in_failures (email, failed_at);

-- Teams and bodies that give advice.
CREATE TABLE bodies (
  authority_id UUID NOT NULL REFERENCES authorities,
  body_id UUID NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  PRIMARY KEY (authority_id, body_id)
);

-- The national register of establishments is public and shared by every area.
CREATE TABLE establishments (
  urn BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  authority_code TEXT,
  phase TEXT,
  kind TEXT,
  open BOOLEAN NOT NULL,
  postcode TEXT,
  low_age BIGINT,
  high_age BIGINT,
  capacity BIGINT,
  ukprn BIGINT,
  easting BIGINT,
  northing BIGINT,
  sen_unit BOOLEAN,
  resourced_provision BOOLEAN
);
CREATE INDEX establishments_by_authority ON establishments (authority_code, name);

-- How far a case has come in its journal, and what lists ask for.
CREATE TABLE cases (
  authority_id UUID NOT NULL REFERENCES authorities,
  case_id UUID NOT NULL,
  version BIGINT NOT NULL,
  stage TEXT NOT NULL,
  officer_id UUID,
  setting_urn BIGINT,
  born_on DATE,
  primary_need TEXT,
  request_received_on DATE,
  out_of_education_since DATE,
  plan_first_made_on DATE,
  ever_reviewed BOOLEAN NOT NULL,
  meeting_on DATE,
  transfer_on DATE,
  next_due_on DATE,
  head BYTEA NOT NULL,
  PRIMARY KEY (authority_id, case_id)
);
CREATE INDEX cases_by_officer ON cases (authority_id, officer_id, next_due_on, case_id);
CREATE INDEX cases_by_setting ON cases (authority_id, setting_urn, next_due_on, case_id);
CREATE INDEX cases_by_due ON cases (authority_id, next_due_on, case_id);

-- A case as it was at one of its versions, as compressed JSON, so that reading it does not begin at
-- its first entry.
CREATE TABLE snapshots (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  version BIGINT NOT NULL,
  state BYTEA NOT NULL,
  PRIMARY KEY (authority_id, case_id)
);
-- It is compressed already.
ALTER TABLE snapshots ALTER COLUMN state SET STORAGE EXTERNAL;

-- Teams asked for advice in the live request: what an adviser's access rests on.
CREATE TABLE case_bodies (
  authority_id UUID NOT NULL,
  body_id UUID NOT NULL,
  case_id UUID NOT NULL,
  PRIMARY KEY (authority_id, body_id, case_id)
);
CREATE INDEX case_bodies_by_case ON case_bodies (authority_id, case_id);

-- Names and numbers of children and young people; corrected in place, never in the journal.
CREATE TABLE people (
  authority_id UUID NOT NULL REFERENCES authorities,
  person_id UUID NOT NULL,
  case_id UUID NOT NULL,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  known_as TEXT,
  born_on DATE NOT NULL,
  sex TEXT,
  ethnicity TEXT,
  postcode TEXT,
  address TEXT,
  home_language TEXT,
  upn TEXT,
  uln TEXT,
  nhs_number TEXT,
  PRIMARY KEY (authority_id, person_id)
);
CREATE UNIQUE INDEX people_by_case ON people (authority_id, case_id);
CREATE INDEX people_by_upn ON people (authority_id, upn);
CREATE INDEX people_by_uln ON people (authority_id, uln);
CREATE INDEX people_by_birth ON people (authority_id, born_on);

-- How a name sounds and begins: search by half a name or another spelling.
CREATE TABLE people_keys (
  authority_id UUID NOT NULL,
  name_key TEXT NOT NULL,
  case_id UUID NOT NULL,
  PRIMARY KEY (authority_id, name_key, case_id)
);
CREATE INDEX people_keys_by_case ON people_keys (authority_id, case_id);

CREATE TABLE contacts (
  authority_id UUID NOT NULL REFERENCES authorities,
  person_id UUID NOT NULL,
  case_id UUID NOT NULL,
  relation TEXT NOT NULL,
  name TEXT NOT NULL,
  organisation TEXT,
  email TEXT,
  telephone TEXT,
  address TEXT,
  receives_notices BOOLEAN NOT NULL,
  PRIMARY KEY (authority_id, person_id)
);
CREATE INDEX contacts_by_case ON contacts (authority_id, case_id);

-- What happened. Append only; each row holds the hash of the one before it in its case.
CREATE TABLE journal (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  sequence BIGINT NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_on DATE NOT NULL,
  actor_id UUID,
  actor_role TEXT NOT NULL,
  action TEXT NOT NULL,
  name TEXT NOT NULL,
  schema BIGINT NOT NULL,
  body TEXT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (authority_id, case_id, sequence)
);
CREATE INDEX journal_by_day ON journal (authority_id, recorded_on, case_id, sequence);

-- The head of each finished day: a hash over that day's journal rows.
CREATE TABLE journal_days (
  authority_id UUID NOT NULL,
  recorded_on DATE NOT NULL,
  entries BIGINT NOT NULL,
  head BYTEA NOT NULL,
  PRIMARY KEY (authority_id, recorded_on)
);

-- Duties only: what somebody must do by a day. Other dates are worked out on the child's page.
CREATE TABLE deadlines (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  ordinal BIGINT NOT NULL,
  rule TEXT NOT NULL,
  subject BIGINT NOT NULL,
  triggered_on DATE NOT NULL,
  due_on DATE NOT NULL,
  do_by DATE NOT NULL,
  strength TEXT NOT NULL,
  met_on DATE,
  disapplied BOOLEAN NOT NULL,
  superseded BOOLEAN NOT NULL,
  officer_id UUID,
  PRIMARY KEY (authority_id, case_id, ordinal)
);
CREATE INDEX deadlines_open ON deadlines (authority_id, officer_id, due_on)
  WHERE met_on IS NULL AND NOT superseded AND NOT disapplied;
CREATE INDEX deadlines_due ON deadlines (authority_id, due_on)
  WHERE met_on IS NULL AND NOT superseded AND NOT disapplied;

CREATE TABLE tasks (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  kind TEXT NOT NULL,
  due_on DATE,
  count BIGINT NOT NULL,
  PRIMARY KEY (authority_id, case_id, kind)
);

-- Free text, named by id in the journal.
CREATE TABLE texts (
  authority_id UUID NOT NULL,
  text_id UUID NOT NULL,
  case_id UUID NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority_id, text_id)
);
CREATE INDEX texts_by_case ON texts (authority_id, case_id);

-- Immutable versions of a plan's content.
CREATE TABLE plan_versions (
  authority_id UUID NOT NULL,
  version_id UUID NOT NULL,
  case_id UUID NOT NULL,
  fingerprint TEXT NOT NULL,
  content TEXT NOT NULL,
  saved_at TIMESTAMPTZ NOT NULL,
  saved_by UUID,
  PRIMARY KEY (authority_id, version_id)
);
CREATE INDEX plan_versions_by_case ON plan_versions (authority_id, case_id);

-- Files that were made or received. The bytes lie in the file store under their fingerprint.
CREATE TABLE documents (
  authority_id UUID NOT NULL,
  document_id UUID NOT NULL,
  case_id UUID NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  made_on DATE NOT NULL,
  notice_id UUID,
  PRIMARY KEY (authority_id, document_id)
);
CREATE INDEX documents_by_case ON documents (authority_id, case_id, document_id);

-- What happens later. Claimed by lease; a job that dies is taken up again when the lease ends.
CREATE TABLE jobs (
  job_id UUID NOT NULL PRIMARY KEY,
  authority_id UUID NOT NULL,
  kind TEXT NOT NULL,
  schema BIGINT NOT NULL,
  body TEXT NOT NULL,
  run_at TIMESTAMPTZ NOT NULL,
  attempts BIGINT NOT NULL,
  leased_until TIMESTAMPTZ,
  finished_at TIMESTAMPTZ,
  failure TEXT
);
CREATE INDEX jobs_waiting ON jobs (run_at, job_id) WHERE finished_at IS NULL;

CREATE TABLE imports (
  authority_id UUID NOT NULL REFERENCES authorities,
  import_id UUID NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL,
  started_at TIMESTAMPTZ NOT NULL,
  started_by UUID,
  bytes_total BIGINT NOT NULL,
  bytes_done BIGINT NOT NULL,
  summary TEXT NOT NULL,
  PRIMARY KEY (authority_id, import_id)
);

CREATE TABLE import_findings (
  authority_id UUID NOT NULL,
  import_id UUID NOT NULL,
  ordinal BIGINT NOT NULL,
  severity TEXT NOT NULL,
  line BIGINT,
  reference TEXT,
  item TEXT,
  rule TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (authority_id, import_id, ordinal)
);
