-- Who is away, from which day to which, and who covers. The case stays with its owner.
CREATE TABLE absences (
  authority_id BLOB NOT NULL REFERENCES authorities,
  absence_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  cover_id BLOB NOT NULL,
  noted_by BLOB,
  noted_at INTEGER NOT NULL,
  -- When the families were told.
  told_at INTEGER,
  PRIMARY KEY (authority_id, absence_id)
) STRICT;
CREATE INDEX absences_by_end ON absences (authority_id, until_on);

-- What families and the council write to each other: from it follows how promises were kept.
CREATE INDEX journal_messages ON journal (authority_id, recorded_on, case_id, sequence)
  WHERE name IN ('messages.written', 'messages.closed');
