-- Support between groups, cohorts that are finished, and messages that were
-- drafted.

-- Somebody asked for support before the next group starts. It stands until it is
-- closed. Nothing is kept of why, or of what was said.
CREATE TABLE support (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    participant_id INTEGER NOT NULL REFERENCES participant (id),
    asked_on       TEXT NOT NULL,
    -- When the next contact is due, if one is.
    next_on        TEXT,
    closed_on      TEXT,
    outcome        TEXT CHECK (outcome <> ''),
    CHECK ((closed_on IS NULL) = (outcome IS NULL)),
    CHECK (closed_on IS NULL OR next_on IS NULL)
) STRICT;
CREATE UNIQUE INDEX one_open_support ON support (participant_id) WHERE closed_on IS NULL;
CREATE INDEX support_by_participant ON support (participant_id);
CREATE INDEX support_due ON support (next_on) WHERE closed_on IS NULL;
CREATE TRIGGER guard_support_insert BEFORE INSERT ON support BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_support_update BEFORE UPDATE ON support BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_support_delete BEFORE DELETE ON support BEGIN SELECT open_operation(); END;

-- Somebody who had asked for support was in touch, or was tried.
CREATE TABLE contact (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    support_id   INTEGER NOT NULL REFERENCES support (id),
    kind         TEXT NOT NULL CHECK (kind <> ''),
    contacted_on TEXT NOT NULL
) STRICT;
CREATE INDEX contact_by_support ON contact (support_id, contacted_on);
CREATE TRIGGER guard_contact_insert BEFORE INSERT ON contact BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_contact_update BEFORE UPDATE ON contact BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_contact_delete BEFORE DELETE ON contact BEGIN SELECT open_operation(); END;

-- A cohort about which nothing is left to do.
CREATE TABLE finish (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    cohort_id   INTEGER NOT NULL UNIQUE REFERENCES cohort (id),
    finished_on TEXT NOT NULL
) STRICT;
CREATE TRIGGER guard_finish_insert BEFORE INSERT ON finish BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_finish_update BEFORE UPDATE ON finish BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_finish_delete BEFORE DELETE ON finish BEGIN SELECT open_operation(); END;

-- A message to somebody was drafted. Its text is not kept.
CREATE TABLE draft (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    enrollment_id INTEGER NOT NULL REFERENCES enrollment (id),
    kind          TEXT NOT NULL
                  CHECK (kind IN ('invitation', 'agreement', 'reminder', 'missed', 'moved')),
    -- The session it is about, where it is about one.
    week          INTEGER CHECK (week >= 1),
    -- The day and the hour of that session, as the message tells them.
    date          TEXT,
    starts_at     TEXT,
    drafted_on    TEXT NOT NULL
) STRICT;
CREATE INDEX draft_by_enrollment ON draft (enrollment_id);
CREATE TRIGGER guard_draft_insert BEFORE INSERT ON draft BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_draft_update BEFORE UPDATE ON draft BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_draft_delete BEFORE DELETE ON draft BEGIN SELECT open_operation(); END;
