-- Advice that was asked for and has not come: what advisers' queues list. Follows from the case.
CREATE TABLE advice_waiting (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  advice_id BLOB NOT NULL,
  body_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  asked_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  PRIMARY KEY (authority_id, case_id, advice_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX advice_waiting_by_body ON advice_waiting (authority_id, body_id, due_on, case_id, advice_id);
CREATE INDEX advice_waiting_by_due ON advice_waiting (authority_id, due_on, case_id, advice_id);
