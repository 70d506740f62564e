-- Advice that was asked for, with its answer: who knows a child, and whether teams answer in time. Follows from the case.
CREATE TABLE advice_asked (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  advice_id UUID NOT NULL,
  body_id UUID NOT NULL,
  kind TEXT NOT NULL,
  asked_on DATE NOT NULL,
  due_on DATE NOT NULL,
  reply TEXT,
  replied_on DATE,
  -- The team that passed it on, as long as it can be taken back.
  passed_from UUID,
  PRIMARY KEY (authority_id, case_id, advice_id)
);
CREATE INDEX advice_asked_by_due ON advice_asked (authority_id, kind, due_on);

-- What the lists of designated officers say of a child. Follows from the case.
CREATE TABLE designated_cases (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  plan_version UUID,
  draft_version UUID,
  care TEXT,
  adult_worker BOOLEAN NOT NULL,
  transition_on DATE,
  -- What social care said to the review that is open.
  review_answer TEXT,
  health_looked BOOLEAN NOT NULL,
  care_looked BOOLEAN NOT NULL,
  questions BIGINT NOT NULL,
  PRIMARY KEY (authority_id, case_id)
);

-- How many lines a version of a plan has in each of sections C, D, G, H1 and H2.
CREATE TABLE version_sections (
  authority_id UUID NOT NULL,
  version_id UUID NOT NULL,
  section TEXT NOT NULL,
  lines BIGINT NOT NULL,
  PRIMARY KEY (authority_id, version_id, section)
);
INSERT INTO version_sections
  SELECT authority_id, version_id, 'c', jsonb_array_length(content::jsonb -> 'health_needs') FROM plan_versions
  WHERE jsonb_array_length(content::jsonb -> 'health_needs') > 0;
INSERT INTO version_sections
  SELECT authority_id, version_id, 'd', jsonb_array_length(content::jsonb -> 'social_care_needs') FROM plan_versions
  WHERE jsonb_array_length(content::jsonb -> 'social_care_needs') > 0;
INSERT INTO version_sections
  SELECT v.authority_id, v.version_id,
    CASE p.value ->> 'kind' WHEN 'health' THEN 'g' WHEN 'social_care_h1' THEN 'h1' ELSE 'h2' END, COUNT(*)
  FROM plan_versions v, jsonb_array_elements(v.content::jsonb -> 'provision') p (value)
  WHERE p.value ->> 'kind' <> 'special' GROUP BY 1, 2, 3;

-- Cases from before these lists: theirs are made when the program starts.
CREATE TABLE unlisted_cases (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  PRIMARY KEY (authority_id, case_id)
);
INSERT INTO unlisted_cases SELECT authority_id, case_id FROM cases;

-- Entries of plans drawn by chance to be marked. The seed draws the same again from the same entries.
CREATE TABLE samples (
  authority_id UUID NOT NULL REFERENCES authorities,
  sample_id UUID NOT NULL,
  seed BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  drawn_on DATE NOT NULL,
  drawn_by UUID NOT NULL,
  PRIMARY KEY (authority_id, sample_id)
);
CREATE TABLE sample_entries (
  authority_id UUID NOT NULL,
  sample_id UUID NOT NULL,
  place BIGINT NOT NULL,
  case_id UUID NOT NULL,
  version_id UUID NOT NULL,
  line_id UUID NOT NULL,
  PRIMARY KEY (authority_id, sample_id, place)
);
-- One grade of each side. It is not changed once it is given.
CREATE TABLE sample_grades (
  authority_id UUID NOT NULL,
  sample_id UUID NOT NULL,
  place BIGINT NOT NULL,
  part TEXT NOT NULL,
  grade TEXT NOT NULL,
  note TEXT NOT NULL,
  marked_by UUID NOT NULL,
  marked_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (authority_id, sample_id, place, part)
);
