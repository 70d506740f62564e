-- Who is away, from which day to which, and who covers. The case stays with its owner.
CREATE TABLE absences (
  authority_id UUID NOT NULL REFERENCES authorities,
  absence_id UUID NOT NULL,
  user_id UUID NOT NULL,
  from_on DATE NOT NULL,
  until_on DATE NOT NULL,
  cover_id UUID NOT NULL,
  noted_by UUID,
  noted_at TIMESTAMPTZ NOT NULL,
  -- When the families were told.
  told_at TIMESTAMPTZ,
  PRIMARY KEY (authority_id, absence_id)
);
CREATE INDEX absences_by_end ON absences (authority_id, until_on);

-- What families and the council write to each other: from it follows how promises were kept.
CREATE INDEX journal_messages ON journal (authority_id, recorded_on, case_id, sequence)
  WHERE name IN ('messages.written', 'messages.closed');
