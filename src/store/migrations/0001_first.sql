-- The first version of the records.
--
-- Days are 'YYYY-MM-DD', moments 'YYYY-MM-DD HH:MM:SS', both as on the wall;
-- where a moment could be doubtful, the name of its zone stands beside it.
-- Ids are never used again: a new row must not inherit an old one's history.

-- Somebody known to the office, whatever cohorts they are in.
CREATE TABLE participant (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    code       TEXT NOT NULL UNIQUE CHECK (length(code) = 5),
    first_name TEXT NOT NULL CHECK (first_name <> ''),
    last_name  TEXT NOT NULL CHECK (last_name <> ''),
    goes_by    TEXT CHECK (goes_by <> ''),
    phone      TEXT CHECK (phone <> ''),
    -- First and last name without case and accents, to find namesakes by.
    name_key   TEXT NOT NULL
) STRICT;
CREATE INDEX participant_by_name ON participant (name_key);

-- How somebody is found. `key` is the value without case.
CREATE TABLE address (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    participant_id INTEGER NOT NULL REFERENCES participant (id),
    kind           TEXT NOT NULL CHECK (kind IN ('email', 'zoom')),
    value          TEXT NOT NULL CHECK (value <> ''),
    key            TEXT NOT NULL,
    current        INTEGER NOT NULL CHECK (current IN (0, 1)),
    UNIQUE (participant_id, kind, key)
) STRICT;
CREATE INDEX address_by_key ON address (key);
CREATE UNIQUE INDEX one_current_email ON address (participant_id) WHERE kind = 'email' AND current = 1;

-- A cohort of cohorts.toml that has records.
CREATE TABLE cohort (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE CHECK (slug <> '')
) STRICT;

-- A session as it was when it was first marked.
CREATE TABLE session (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    cohort_id INTEGER NOT NULL REFERENCES cohort (id),
    week      INTEGER NOT NULL CHECK (week >= 1),
    date      TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at   TEXT NOT NULL,
    zone      TEXT NOT NULL,
    UNIQUE (cohort_id, week)
) STRICT;

-- An agreement's text as somebody decided about it.
CREATE TABLE agreement (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    version TEXT NOT NULL UNIQUE CHECK (version <> ''),
    sha256  TEXT NOT NULL CHECK (length(sha256) = 64),
    text    TEXT NOT NULL
) STRICT;
CREATE TRIGGER agreement_is_never_edited BEFORE UPDATE ON agreement
BEGIN SELECT RAISE(ABORT, 'an agreement is never edited'); END;

-- A participant in a cohort.
CREATE TABLE enrollment (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    participant_id INTEGER NOT NULL REFERENCES participant (id),
    cohort_id      INTEGER NOT NULL REFERENCES cohort (id),
    status         TEXT NOT NULL CHECK (status IN ('waitlisted', 'enrolled', 'withdrawn')),
    signed_up_at   TEXT NOT NULL,
    joined_week    INTEGER CHECK (joined_week >= 1),
    withdrawn_on   TEXT,
    reason         TEXT,
    leave          TEXT CHECK (leave <> ''),
    site           TEXT CHECK (site <> ''),
    residency      TEXT CHECK (residency <> ''),
    UNIQUE (cohort_id, participant_id),
    CHECK (status <> 'enrolled' OR joined_week IS NOT NULL),
    CHECK ((status = 'withdrawn') = (withdrawn_on IS NOT NULL)),
    CHECK ((status = 'withdrawn') = (reason IS NOT NULL))
) STRICT;
CREATE INDEX enrollment_by_participant ON enrollment (participant_id);

-- One decision about the agreement. Decisions are only ever added.
CREATE TABLE consent (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    enrollment_id INTEGER NOT NULL REFERENCES enrollment (id),
    agreement_id  INTEGER NOT NULL REFERENCES agreement (id),
    decision      TEXT NOT NULL CHECK (decision IN ('agreed', 'declined', 'withdrawn')),
    decided_on    TEXT NOT NULL,
    method        TEXT CHECK (method IN ('email', 'form', 'signed', 'verbal'))
) STRICT;
CREATE INDEX consent_by_enrollment ON consent (enrollment_id);
CREATE INDEX consent_by_agreement ON consent (agreement_id);
CREATE TRIGGER consent_is_never_edited BEFORE UPDATE ON consent
BEGIN SELECT RAISE(ABORT, 'a consent is never edited'); END;

-- A mark. An excuse may come before its session is recorded.
CREATE TABLE attendance (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    enrollment_id     INTEGER NOT NULL REFERENCES enrollment (id),
    week              INTEGER NOT NULL CHECK (week >= 1),
    mark              TEXT NOT NULL CHECK (mark IN ('P', 'L', 'D', 'E', 'A')),
    without_agreement TEXT,
    noted_on          TEXT NOT NULL,
    UNIQUE (enrollment_id, week),
    CHECK (without_agreement IS NULL OR mark IN ('P', 'L', 'D'))
) STRICT;

-- What one command changed. The summary names people by code only.
CREATE TABLE operation (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      TEXT NOT NULL,
    zone    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    command TEXT NOT NULL,
    cohort  TEXT,
    summary TEXT NOT NULL,
    undoes  INTEGER REFERENCES operation (id)
) STRICT;
CREATE INDEX operation_by_undoes ON operation (undoes) WHERE undoes IS NOT NULL;

-- A row before and after an operation, written by triggers; or the place in
-- cohorts.toml that a command edited (tbl = 'cohorts.toml', row_id = 0).
CREATE TABLE change (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id   INTEGER NOT NULL REFERENCES operation (id),
    tbl            TEXT NOT NULL,
    row_id         INTEGER NOT NULL,
    participant_id INTEGER,
    before         TEXT,
    after          TEXT,
    checksum       INTEGER NOT NULL
) STRICT;
CREATE INDEX change_by_operation ON change (operation_id);
CREATE INDEX change_by_row ON change (tbl, row_id);
CREATE INDEX change_by_participant ON change (participant_id) WHERE participant_id IS NOT NULL;

-- What left the tool for a file. It cannot be undone.
CREATE TABLE disclosure (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       TEXT NOT NULL,
    zone     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    cohorts  TEXT NOT NULL,
    columns  TEXT NOT NULL,
    people   INTEGER NOT NULL,
    file     TEXT NOT NULL
) STRICT;

-- Nothing is changed but by a program that writes the history, and under an
-- operation: others do not have these functions, and `open_operation` fails
-- where none is open. The history itself is only ever added to.
CREATE TRIGGER guard_participant_insert BEFORE INSERT ON participant BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_participant_update BEFORE UPDATE ON participant BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_participant_delete BEFORE DELETE ON participant BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_address_insert BEFORE INSERT ON address BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_address_update BEFORE UPDATE ON address BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_address_delete BEFORE DELETE ON address BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_cohort_insert BEFORE INSERT ON cohort BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_cohort_update BEFORE UPDATE ON cohort BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_cohort_delete BEFORE DELETE ON cohort BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_session_insert BEFORE INSERT ON session BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_session_update BEFORE UPDATE ON session BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_session_delete BEFORE DELETE ON session BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_agreement_insert BEFORE INSERT ON agreement BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_agreement_update BEFORE UPDATE ON agreement BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_agreement_delete BEFORE DELETE ON agreement BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_enrollment_insert BEFORE INSERT ON enrollment BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_enrollment_update BEFORE UPDATE ON enrollment BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_enrollment_delete BEFORE DELETE ON enrollment BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_consent_insert BEFORE INSERT ON consent BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_consent_update BEFORE UPDATE ON consent BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_consent_delete BEFORE DELETE ON consent BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_attendance_insert BEFORE INSERT ON attendance BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_attendance_update BEFORE UPDATE ON attendance BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_attendance_delete BEFORE DELETE ON attendance BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_change_insert BEFORE INSERT ON change BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_operation_insert BEFORE INSERT ON operation BEGIN SELECT writes_history(); END;
CREATE TRIGGER guard_disclosure_insert BEFORE INSERT ON disclosure BEGIN SELECT writes_history(); END;
CREATE TRIGGER guard_operation_update BEFORE UPDATE ON operation BEGIN SELECT writes_history(); END;
CREATE TRIGGER guard_operation_delete BEFORE DELETE ON operation BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER guard_change_update BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER guard_change_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER guard_disclosure_update BEFORE UPDATE ON disclosure BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER guard_disclosure_delete BEFORE DELETE ON disclosure BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
