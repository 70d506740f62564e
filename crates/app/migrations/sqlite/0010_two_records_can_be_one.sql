-- Records that were joined into another record of the same child. Follows from the case.
CREATE TABLE joined_records (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  into_case_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX joined_records_by_kept ON joined_records (authority_id, into_case_id, case_id);
-- The number on a receipt leads to the record. Follows from the case.
CREATE TABLE receipt_numbers (
  authority_id BLOB NOT NULL,
  number TEXT NOT NULL,
  case_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, number, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_numbers_by_case ON receipt_numbers (authority_id, case_id, number);
INSERT INTO receipt_numbers (authority_id, number, case_id)
  SELECT DISTINCT authority_id, printf('%d-%05d', json_extract(body, '$.requests.received.receipt.number.year'),
    json_extract(body, '$.requests.received.receipt.number.number')), case_id
  FROM journal WHERE name = 'requests.received' AND json_extract(body, '$.requests.received.receipt.number.number') IS NOT NULL;
-- Calls, emails and letters that nobody has found the child of yet.
CREATE TABLE loose_contacts (
  authority_id BLOB NOT NULL REFERENCES authorities,
  contact_id BLOB NOT NULL,
  channel TEXT NOT NULL,
  came_on TEXT NOT NULL,
  sender TEXT NOT NULL,
  note TEXT NOT NULL,
  promise TEXT,
  promised_by TEXT,
  noted_by BLOB,
  PRIMARY KEY (authority_id, contact_id)
) STRICT;
-- How the names of the people around a child sound and begin: whoever rings says their own first.
CREATE TABLE contact_keys (
  authority_id BLOB NOT NULL,
  name_key TEXT NOT NULL,
  case_id BLOB NOT NULL,
  PRIMARY KEY (authority_id, name_key, case_id)
) STRICT, WITHOUT ROWID;
