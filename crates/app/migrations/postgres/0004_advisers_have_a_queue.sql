-- Advice that was asked for and has not come: what advisers' queues list. Follows from the case.
CREATE TABLE advice_waiting (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  advice_id UUID NOT NULL,
  body_id UUID NOT NULL,
  kind TEXT NOT NULL,
  asked_on DATE NOT NULL,
  due_on DATE NOT NULL,
  PRIMARY KEY (authority_id, case_id, advice_id)
);
CREATE INDEX advice_waiting_by_body ON advice_waiting (authority_id, body_id, due_on, case_id, advice_id);
CREATE INDEX advice_waiting_by_due ON advice_waiting (authority_id, due_on, case_id, advice_id);
