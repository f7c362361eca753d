-- What went against what was agreed in a group, and which of Zoom's attendance
-- reports were recorded.

-- Something that stands until it is closed. No words but those of two lists.
CREATE TABLE incident (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    cohort_id      INTEGER NOT NULL REFERENCES cohort (id),
    week           INTEGER CHECK (week >= 1),
    kind           TEXT NOT NULL CHECK (kind <> ''),
    -- Whom it is about; nobody where that is not known, or they were erased.
    participant_id INTEGER REFERENCES participant (id),
    noted_on       TEXT NOT NULL,
    -- What was done about it, and when.
    done           TEXT CHECK (done <> ''),
    closed_on      TEXT,
    CHECK ((done IS NULL) = (closed_on IS NULL))
) STRICT;
CREATE INDEX incident_open ON incident (id) WHERE closed_on IS NULL;
CREATE INDEX incident_by_cohort ON incident (cohort_id);
CREATE INDEX incident_by_participant ON incident (participant_id);
CREATE TRIGGER guard_incident_insert BEFORE INSERT ON incident BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_incident_update BEFORE UPDATE ON incident BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_incident_delete BEFORE DELETE ON incident BEGIN SELECT open_operation(); END;

-- The SHA-256 of an attendance report that a week was recorded from, so that
-- reading it once more is noticed.
CREATE TABLE zoom_report (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    cohort_id INTEGER NOT NULL REFERENCES cohort (id),
    week      INTEGER NOT NULL CHECK (week >= 1),
    sha256    TEXT NOT NULL CHECK (length(sha256) = 64),
    UNIQUE (cohort_id, week, sha256)
) STRICT;
CREATE TRIGGER guard_zoom_report_insert BEFORE INSERT ON zoom_report BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_zoom_report_update BEFORE UPDATE ON zoom_report BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_zoom_report_delete BEFORE DELETE ON zoom_report BEGIN SELECT open_operation(); END;
