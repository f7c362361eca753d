-- An import by sqlite3 alone: the same tables, constraints, indexes and triggers,
-- the same history, and as safe on the disk. The file is one of `cohorts`; what
-- its triggers call is something that sqlite3 has. The checksums of the history
-- are spared, and what is an address or a name is not looked at either. Codes
-- come in no order, as they do in ours.
PRAGMA synchronous = EXTRA;
PRAGMA secure_delete = ON;
PRAGMA foreign_keys = ON;
PRAGMA journal_mode = DELETE;

CREATE TEMP TABLE staging (
    first_name TEXT, last_name TEXT, email TEXT, phone TEXT, residency TEXT, site TEXT,
    leave TEXT, signed_up TEXT, agreed TEXT
);

CREATE TEMP TRIGGER log_participant AFTER INSERT ON main.participant BEGIN
    INSERT INTO change (operation_id, tbl, row_id, participant_id, before, after, checksum)
    VALUES (1, 'participant', NEW.id, NEW.id, NULL, json_object(
        'id', NEW.id, 'code', NEW.code, 'first_name', NEW.first_name, 'last_name', NEW.last_name,
        'goes_by', NEW.goes_by, 'phone', NEW.phone, 'name_key', NEW.name_key), 0);
END;
CREATE TEMP TRIGGER log_address AFTER INSERT ON main.address BEGIN
    INSERT INTO change (operation_id, tbl, row_id, participant_id, before, after, checksum)
    VALUES (1, 'address', NEW.id, NEW.participant_id, NULL, json_object(
        'id', NEW.id, 'participant_id', NEW.participant_id, 'kind', NEW.kind, 'value', NEW.value,
        'key', NEW.key, 'current', NEW.current), 0);
END;
CREATE TEMP TRIGGER log_cohort AFTER INSERT ON main.cohort BEGIN
    INSERT INTO change (operation_id, tbl, row_id, participant_id, before, after, checksum)
    VALUES (1, 'cohort', NEW.id, NULL, NULL, json_object('id', NEW.id, 'slug', NEW.slug), 0);
END;
CREATE TEMP TRIGGER log_agreement AFTER INSERT ON main.agreement BEGIN
    INSERT INTO change (operation_id, tbl, row_id, participant_id, before, after, checksum)
    VALUES (1, 'agreement', NEW.id, NULL, NULL, json_object(
        'id', NEW.id, 'version', NEW.version, 'sha256', NEW.sha256, 'text', NEW.text), 0);
END;
CREATE TEMP TRIGGER log_enrollment AFTER INSERT ON main.enrollment BEGIN
    INSERT INTO change (operation_id, tbl, row_id, participant_id, before, after, checksum)
    VALUES (1, 'enrollment', NEW.id, NEW.participant_id, NULL, json_object(
        'id', NEW.id, 'participant_id', NEW.participant_id, 'cohort_id', NEW.cohort_id,
        'status', NEW.status, 'signed_up_at', NEW.signed_up_at, 'joined_week', NEW.joined_week,
        'withdrawn_on', NEW.withdrawn_on, 'reason', NEW.reason, 'leave', NEW.leave,
        'site', NEW.site, 'residency', NEW.residency), 0);
END;
CREATE TEMP TRIGGER log_consent AFTER INSERT ON main.consent BEGIN
    INSERT INTO change (operation_id, tbl, row_id, participant_id, before, after, checksum)
    VALUES (1, 'consent', NEW.id,
        (SELECT participant_id FROM enrollment WHERE id = NEW.enrollment_id), NULL, json_object(
        'id', NEW.id, 'enrollment_id', NEW.enrollment_id, 'agreement_id', NEW.agreement_id,
        'decision', NEW.decision, 'decided_on', NEW.decided_on, 'method', NEW.method), 0);
END;

BEGIN IMMEDIATE;
.import --csv --skip 1 "FILE" staging
INSERT INTO operation (at, zone, actor, command, cohort, summary)
VALUES ('2009-12-01 12:00:00', 'Etc/UTC', 'compare', 'import', 'group-0000', 'signed up');
INSERT INTO cohort (slug) VALUES ('group-0000');
INSERT INTO agreement (version, sha256, text)
VALUES ('2024-01', printf('%064d', 0), 'Respect and confidentiality in the group');
INSERT INTO participant (code, first_name, last_name, phone, name_key)
SELECT printf('%05x', rowid * 654321 % 1048576), first_name, last_name, phone, lower(first_name || ' ' || last_name)
FROM staging;
INSERT INTO address (participant_id, kind, value, key, current)
SELECT rowid, 'email', email, lower(email), 1 FROM staging;
INSERT INTO enrollment (participant_id, cohort_id, status, signed_up_at, joined_week, leave, site, residency)
SELECT rowid, 1, iif(rowid <= 12, 'enrolled', 'waitlisted'), signed_up, iif(rowid <= 12, 1, NULL),
       leave, site, residency
FROM staging;
INSERT INTO consent (enrollment_id, agreement_id, decision, decided_on, method)
SELECT rowid, 1, 'agreed', agreed, 'form' FROM staging;
COMMIT;
