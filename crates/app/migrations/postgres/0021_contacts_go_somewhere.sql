-- Contacts of which somebody said what they are about, and where they went. Follows from the case.
CREATE TABLE contact_routes (
  authority_id UUID NOT NULL,
  case_id UUID NOT NULL,
  enquiry_id UUID NOT NULL,
  about TEXT NOT NULL,
  came_on DATE NOT NULL,
  desk TEXT,
  passed_on DATE,
  answered_on DATE,
  PRIMARY KEY (authority_id, case_id, enquiry_id)
);
CREATE INDEX contact_routes_waiting ON contact_routes (authority_id, desk, passed_on) WHERE answered_on IS NULL;
CREATE INDEX contact_routes_by_day ON contact_routes (authority_id, came_on);
