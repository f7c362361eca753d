//! The queries that may read all of a table, or sort, and why.

/// Why; and for each query a piece of it, with the step of its plan.
pub(super) type Exceptions = &'static [(&'static str, &'static [(&'static str, &'static str)])];

pub(super) const EXCEPTIONS: Exceptions = &[
    (
        "An export, and an import of one, is of everything.",
        &[("ORDER BY rowid", "SCAN"), ("(SELECT count(*) FROM change) AS changes", "SCAN")],
    ),
    (
        "An import reads up to as many codes as it has people, instead of asking for each.",
        &[
            ("SELECT code FROM participant UNION ALL SELECT code FROM alias", "SCAN participant"),
            ("SELECT code FROM participant UNION ALL SELECT code FROM alias", "SCAN alias"),
            ("SELECT code FROM participant UNION ALL SELECT code FROM alias", "SCAN erased"),
        ],
    ),
    (
        "A check looks at everything.",
        &[
            (" AS now FROM", "SCAN"),
            ("FROM change c INDEXED BY change_by_row WHERE c.tbl = ?1 ORDER BY", "SEARCH c"),
            ("AS sound FROM change NOT INDEXED", "SCAN change"),
            ("NOT INDEXED WHERE checksum IS NOT change_checksum(", "SCAN"),
        ],
    ),
    (
        "Two copies of the records, and what either holds, are compared from end to end.",
        &[
            ("FROM cohort c JOIN session s ON s.cohort_id = c.id ORDER BY c.id DESC", "SCAN c"),
            ("SELECT count(*) FROM participant", "SCAN participant"),
            ("SELECT id, checksum FROM operation ORDER BY id", "SCAN operation"),
            ("FROM change NOT INDEXED WHERE operation_id <= ?1", "SCAN change"),
            ("SELECT DISTINCT participant_id FROM change WHERE operation_id", "DISTINCT"),
            ("people, file FROM disclosure ORDER BY id", "SCAN disclosure"),
            ("SELECT code FROM alias ORDER BY participant_id, id", "SCAN alias"),
            ("SELECT code, erased_on FROM erased", "SCAN erased"),
            ("SELECT hash FROM erased_address ORDER BY id", "SCAN erased_address"),
        ],
    ),
    (
        "Figures, a roster of all cohorts, and the list of all.",
        &[
            ("SELECT id, slug FROM cohort", "SCAN cohort"),
            ("SELECT cohort_id, week, date, starts_at, ends_at FROM session", "SCAN session"),
            ("WHERE s.week = 1", "SCAN s"),
            ("FROM enrollment e JOIN participant p ON p.id = e.participant_id", "SCAN e"),
            ("withdrawn_on FROM enrollment ORDER BY id", "SCAN enrollment"),
            ("FROM consent ORDER BY id", "SCAN consent"),
            ("SELECT enrollment_id, week FROM attendance", "SCAN attendance"),
            ("SELECT c.slug FROM finish f", "SCAN f"),
            ("without_agreement, noted_on FROM attendance", "SCAN attendance"),
            ("SELECT slug FROM cohort WHERE EXISTS", "SCAN cohort"),
        ],
    ),
    (
        "Whoever has not been heard of for long is looked for among everybody.",
        &[
            ("WITH defined AS MATERIALIZED", "SCAN c"),
            ("WITH defined AS MATERIALIZED", "SCAN d"),
            ("WITH defined AS MATERIALIZED", "SCAN support"),
            ("WITH defined AS MATERIALIZED", "SCAN p"),
            ("WITH defined AS MATERIALIZED", "AUTOMATIC COVERING INDEX"),
        ],
    ),
    (
        "A part of a name may be anywhere in it.",
        &[("FROM participant p WHERE p.name_key <> '' ORDER BY p.id", "SCAN p")],
    ),
    (
        "All incidents, and all requests for support, are listed when they are asked for.",
        &[
            ("WHERE TRUE ORDER BY i.id", "SCAN i"),
            ("WHERE s.closed_on IS NOT NULL ORDER BY", "SCAN s"),
            ("WHERE s.closed_on IS NOT NULL ORDER BY", "TEMP B-TREE"),
        ],
    ),
    (
        "The newest come first, and no more are read than are shown.",
        &[
            ("FROM operation ORDER BY id DESC LIMIT 1", "SCAN operation"),
            ("FROM operation WHERE 1 ORDER BY id DESC LIMIT :most", "SCAN operation"),
            ("FROM operation WHERE 1 AND at >= :since ORDER BY id DESC", "SCAN operation"),
            ("ORDER BY id DESC LIMIT :most", "SCAN disclosure"),
        ],
    ),
    (
        "From the newest back to the day asked for: all since then is taken back to show it.",
        &[("FROM operation WHERE date(at) <= :day", "SEARCH operation")],
    ),
    (
        "Whether there is a row at all; the first one tells.",
        &[
            ("SELECT 1 FROM erased", "SCAN erased"),
            ("NOT EXISTS (SELECT 1 FROM participant)", "SCAN participant"),
        ],
    ),
    (
        "The cohorts that a file is about stand in one text, and people in the file's name.",
        &[
            ("SELECT file FROM disclosure d WHERE people > 0", "SCAN d"),
            ("SELECT file FROM disclosure d WHERE people > 0", "TEMP B-TREE"),
            ("SELECT id, file, columns FROM disclosure", "SCAN disclosure"),
            ("SELECT slug AS ids FROM cohort UNION", "SCAN cohort"),
            ("SELECT slug AS ids FROM cohort UNION", "SCAN disclosure"),
            ("SELECT slug AS ids FROM cohort UNION", "TEMP B-TREE"),
        ],
    ),
    (
        "The people of one cohort, and what is recorded of them, are sorted.",
        &[
            ("WHERE c.slug = :slug AND a.kind = 'zoom' ORDER BY a.id", "TEMP B-TREE"),
            ("WHERE c.slug = :slug AND a.kind = 'email' ORDER BY a.id", "TEMP B-TREE"),
            ("GROUP BY d.enrollment_id", "TEMP B-TREE FOR GROUP BY"),
            ("WHERE c.slug = :slug AND i.week IS :week", "TEMP B-TREE"),
            ("SELECT DISTINCT file FROM disclosure WHERE cohorts = :slug", "TEMP B-TREE"),
            ("id IN ( SELECT id FROM operation WHERE cohort = :cohort", "TEMP B-TREE"),
        ],
    ),
    (
        "What belongs to one person is sorted, or each of it taken once.",
        &[
            ("FROM consent theirs WHERE enrollment_id = :other", "TEMP B-TREE"),
            ("WHERE s.enrollment_id = :enrollment ORDER BY s.decided_on DESC", "TEMP B-TREE"),
            ("AND b.participant_id = :other ORDER BY c.id", "TEMP B-TREE"),
            ("WHERE participant_id IN (:one, :other) AND closed_on IS NULL", "TEMP B-TREE"),
            ("WHERE s.participant_id = :id ORDER BY s.asked_on", "TEMP B-TREE"),
            ("WHERE participant_id = :id AND kind = 'email' ORDER BY id", "TEMP B-TREE"),
            ("WHERE participant_id = :id AND kind = 'zoom' ORDER BY id", "TEMP B-TREE"),
            ("WHERE a.key = :key AND a.kind = 'email' ORDER BY p.id", "TEMP B-TREE"),
            ("SELECT :participant UNION SELECT former_id FROM alias", "TEMP B-TREE"),
            ("SELECT :id AS id UNION SELECT former_id FROM alias", "TEMP B-TREE"),
            ("SELECT value AS id FROM json_each(:entries)", "TEMP B-TREE"),
        ],
    ),
    (
        "Entries that were taken back are looked through when somebody is erased.",
        &[("WITH t AS (SELECT undone.row_id AS id", "TEMP B-TREE")],
    ),
    (
        "It does not happen often that two entries are joined.",
        &[
            (
                "parted AS MATERIALIZED (SELECT operation_id FROM change WHERE tbl = 'alias'",
                "(tbl=?)",
            ),
            ("->> 'participant_id' FROM change WHERE tbl = 'alias'", "(tbl=?)"),
        ],
    ),
    (
        "What one operation changed is sorted, or each of it taken once.",
        &[("WITH touched AS NOT MATERIALIZED", "TEMP B-TREE")],
    ),
    (
        "The requests that stand are sorted by when they are due; those closed are not read.",
        &[("WHERE s.closed_on IS NULL ORDER BY", "TEMP B-TREE")],
    ),
    (
        "There are few tables, and few columns in each.",
        &[("FROM pragma_table_info(?1)", "TEMP B-TREE"), ("FROM sqlite_schema", "TEMP B-TREE")],
    ),
];
