-- Erasure, joined entries, copies and handing over; and a checksum for every
-- row that has no history of its own.

-- What these records say of themselves. One row.
CREATE TABLE office (
    id             INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id = 1),
    -- Made up once: all copies of the same records have it in common.
    uid            TEXT NOT NULL CHECK (length(uid) = 32),
    -- The key of the hashes in erased_address.
    hash_key       TEXT NOT NULL CHECK (length(hash_key) = 64),
    -- Since when these records may only be read here, and which file goes on.
    handed_over_at TEXT,
    handed_over_to TEXT,
    -- In a copy: what for, when it was made, and cohorts.toml as it was then.
    -- Empty in the records that a folder works with.
    copy_kind      TEXT CHECK (copy_kind IN ('backup', 'handover')),
    copied_at      TEXT,
    definitions    TEXT,
    checksum       INTEGER NOT NULL,
    CHECK ((handed_over_at IS NULL) = (handed_over_to IS NULL)),
    CHECK ((copy_kind IS NULL) = (copied_at IS NULL)),
    CHECK ((copy_kind IS NULL) = (definitions IS NULL))
) STRICT;
INSERT INTO office (uid, hash_key, checksum)
VALUES (lower(hex(randomblob(16))), lower(hex(randomblob(32))), 0);
UPDATE office SET checksum = change_checksum(
    id, uid, hash_key, handed_over_at, handed_over_to, copy_kind, copied_at, definitions);

-- A code that somebody had before two entries of theirs were joined.
CREATE TABLE alias (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    participant_id INTEGER NOT NULL REFERENCES participant (id),
    -- Their id then: older history is written down under it.
    former_id      INTEGER NOT NULL UNIQUE,
    code           TEXT NOT NULL UNIQUE CHECK (length(code) = 5)
) STRICT;
CREATE INDEX alias_by_participant ON alias (participant_id);
CREATE TRIGGER guard_alias_insert BEFORE INSERT ON alias BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_alias_update BEFORE UPDATE ON alias BEGIN SELECT open_operation(); END;
CREATE TRIGGER guard_alias_delete BEFORE DELETE ON alias BEGIN SELECT open_operation(); END;

-- Whom nothing is known of any more, by their code. Of their participant row
-- the names and the key are emptied (name_key = '' says so); enrollments,
-- consents and marks stay, to be counted.
CREATE TABLE erased (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    code      TEXT NOT NULL UNIQUE CHECK (length(code) = 5),
    erased_on TEXT NOT NULL,
    checksum  INTEGER NOT NULL
) STRICT;

-- The addresses of the erased: HMAC-SHA-256 under the office's key, so that an
-- old form is not imported again. Not said whose.
CREATE TABLE erased_address (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    hash     TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    checksum INTEGER NOT NULL
) STRICT;

-- What cannot be taken back, such as an erasure.
ALTER TABLE operation ADD COLUMN lasting INTEGER NOT NULL DEFAULT 0 CHECK (lasting IN (0, 1));
ALTER TABLE operation ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE operation SET checksum = change_checksum(
    id, at, zone, actor, command, cohort, summary, undoes, lasting);
CREATE INDEX operation_by_cohort ON operation (cohort);

DROP TRIGGER guard_disclosure_update;
DROP TRIGGER guard_disclosure_delete;
ALTER TABLE disclosure ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
UPDATE disclosure SET checksum = change_checksum(
    id, at, zone, actor, cohorts, columns, people, file);
CREATE TRIGGER guard_disclosure_update BEFORE UPDATE ON disclosure BEGIN SELECT writes_history(); END;
CREATE TRIGGER guard_disclosure_delete BEFORE DELETE ON disclosure BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;

-- The history is rewritten only to erase somebody from it.
DROP TRIGGER guard_change_update;
DROP TRIGGER guard_change_delete;
CREATE TRIGGER guard_change_update BEFORE UPDATE ON change BEGIN SELECT erasing(); END;
CREATE TRIGGER guard_change_delete BEFORE DELETE ON change BEGIN SELECT erasing(); END;
