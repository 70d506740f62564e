-- Contacts of which somebody said what they are about, and where they went. Follows from the case.
CREATE TABLE contact_routes (
  authority_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  enquiry_id BLOB NOT NULL,
  about TEXT NOT NULL,
  came_on TEXT NOT NULL,
  desk TEXT,
  passed_on TEXT,
  answered_on TEXT,
  PRIMARY KEY (authority_id, case_id, enquiry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_routes_waiting ON contact_routes (authority_id, desk, passed_on) WHERE answered_on IS NULL;
CREATE INDEX contact_routes_by_day ON contact_routes (authority_id, came_on);
