-- Advice that was asked for, with its answer: who knows a child, and whether teams answer in time. Follows from the case.
CREATE TABLE advice_asked (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  advice_id BLOB NOT NULL,
  body_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  asked_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  reply TEXT,
  replied_on TEXT,
  -- The team that passed it on, as long as it can be taken back.
  passed_from BLOB,
  PRIMARY KEY (authority_id, case_id, advice_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX advice_asked_by_due ON advice_asked (authority_id, kind, due_on);

-- What the lists of designated officers say of a child. Follows from the case.
CREATE TABLE designated_cases (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  plan_version BLOB,
  draft_version BLOB,
  care TEXT,
  adult_worker INTEGER NOT NULL,
  transition_on TEXT,
  -- What social care said to the review that is open.
  review_answer TEXT,
  health_looked INTEGER NOT NULL,
  care_looked INTEGER NOT NULL,
  questions INTEGER NOT NULL,
  PRIMARY KEY (authority_id, case_id)
) STRICT, WITHOUT ROWID;

-- How many lines a version of a plan has in each of sections C, D, G, H1 and H2.
CREATE TABLE version_sections (
  authority_id BLOB NOT NULL,
  version_id BLOB NOT NULL,
  section TEXT NOT NULL,
  lines INTEGER NOT NULL,
  PRIMARY KEY (authority_id, version_id, section)
) STRICT, WITHOUT ROWID;
INSERT INTO version_sections
  SELECT authority_id, version_id, 'c', json_array_length(content, '$.health_needs') FROM plan_versions
  WHERE json_array_length(content, '$.health_needs') > 0;
INSERT INTO version_sections
  SELECT authority_id, version_id, 'd', json_array_length(content, '$.social_care_needs') FROM plan_versions
  WHERE json_array_length(content, '$.social_care_needs') > 0;
INSERT INTO version_sections
  SELECT v.authority_id, v.version_id,
    CASE json_extract(p.value, '$.kind') WHEN 'health' THEN 'g' WHEN 'social_care_h1' THEN 'h1' ELSE 'h2' END, COUNT(*)
  FROM plan_versions v, json_each(v.content, '$.provision') p
  WHERE json_extract(p.value, '$.kind') <> 'special' GROUP BY 1, 2, 3;

-- Cases from before these lists: theirs are made when the program starts.
CREATE TABLE unlisted_cases (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, case_id)
) STRICT, WITHOUT ROWID;
INSERT INTO unlisted_cases SELECT authority_id, case_id FROM cases;

-- Entries of plans drawn by chance to be marked. The seed draws the same again from the same entries.
CREATE TABLE samples (
  authority_id BLOB NOT NULL REFERENCES authorities,
  sample_id BLOB NOT NULL,
  seed INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  drawn_on TEXT NOT NULL,
  drawn_by BLOB NOT NULL,
  PRIMARY KEY (authority_id, sample_id)
) STRICT;
CREATE TABLE sample_entries (
  authority_id BLOB NOT NULL,
  sample_id BLOB NOT NULL,
  place INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  version_id BLOB NOT NULL,
  line_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, sample_id, place)
) STRICT, WITHOUT ROWID;
-- One grade of each side. It is not changed once it is given.
CREATE TABLE sample_grades (
  authority_id BLOB NOT NULL,
  sample_id BLOB NOT NULL,
  place INTEGER NOT NULL,
  part TEXT NOT NULL,
  grade TEXT NOT NULL,
  note TEXT NOT NULL,
  marked_by BLOB NOT NULL,
  marked_at INTEGER NOT NULL,
  PRIMARY KEY (authority_id, sample_id, place, part)
) STRICT, WITHOUT ROWID;
