//! What each table and each of its columns is, in words for whoever opens an
//! export without this program. A test holds the list against the tables
//! themselves, in both directions.

/// A table, in words.
pub struct AboutTable {
    pub table: &'static str,
    pub what: &'static str,
    pub columns: &'static [AboutColumn],
}

/// A column, in words.
pub struct AboutColumn {
    pub column: &'static str,
    pub what: &'static str,
    /// It says who somebody is, something about them that others should not
    /// know, or how to find that out.
    pub is_secret: bool,
}

const fn plain(column: &'static str, what: &'static str) -> AboutColumn {
    AboutColumn { column, what, is_secret: false }
}

const fn secret(column: &'static str, what: &'static str) -> AboutColumn {
    AboutColumn { column, what, is_secret: true }
}

const ID: AboutColumn = plain("id", "the row's number");
const CHECKSUM: AboutColumn = plain("checksum", "the row's checksum, see above");

/// All tables, people first and what the program keeps for itself last.
#[rustfmt::skip]
pub const DESCRIBED: &[AboutTable] = &[
    AboutTable {
        table: "participant",
        what: "Somebody known to the office, whatever cohorts they are in. Of people who were erased only the code is left; their names say `erased`.",
        columns: &[
            ID,
            plain("code", "the code that stands for them, such as K7QM2"),
            secret("first_name", "first name"),
            secret("last_name", "last name"),
            secret("goes_by", "what they like to be called, where it is not the first name"),
            secret("phone", "phone number"),
            secret("name_key", "first and last name without capitals and accents, to find namesakes; empty text for the erased"),
        ],
    },
    AboutTable {
        table: "address",
        what: "How somebody is found: an e-mail address, or a name they use in Zoom.",
        columns: &[
            ID,
            plain("participant_id", "whose, by id in participant.csv"),
            plain("kind", "email or zoom"),
            secret("value", "the address or name as it was given"),
            secret("key", "the same without capitals"),
            plain("current", "1 in use, 0 used formerly"),
        ],
    },
    AboutTable {
        table: "alias",
        what: "A code that somebody had before two entries of theirs were joined.",
        columns: &[
            ID,
            plain("participant_id", "whose, by id in participant.csv"),
            plain("former_id", "the id of the entry that is no more; older lines of change.csv have it"),
            plain("code", "the code of that entry"),
        ],
    },
    AboutTable {
        table: "cohort",
        what: "A cohort that has records. Its dates and all else are in cohorts.toml.",
        columns: &[ID, plain("slug", "its id in cohorts.toml, such as winter-2024")],
    },
    AboutTable {
        table: "session",
        what: "A session as it was when somebody was first marked in it.",
        columns: &[
            ID,
            plain("cohort_id", "of which cohort, by id in cohort.csv"),
            plain("week", "1 for the first"),
            plain("date", "the day"),
            plain("starts_at", "when it began, on the clock of the zone"),
            plain("ends_at", "when it ended, on the clock of the zone"),
            plain("zone", "the time zone, such as America/Vancouver"),
        ],
    },
    AboutTable {
        table: "enrollment",
        what: "A participant in a cohort.",
        columns: &[
            ID,
            plain("participant_id", "who, by id in participant.csv"),
            plain("cohort_id", "in which cohort, by id in cohort.csv"),
            plain("status", "waitlisted, enrolled or withdrawn"),
            plain("signed_up_at", "when they asked for a place"),
            plain("joined_week", "the week from which they are in the group; none while they wait"),
            plain("withdrawn_on", "the day on which they left"),
            plain("reason", "why they left, a word of a short list"),
            secret("leave", "the kind of leave they are on: health information"),
            secret("site", "where they work"),
            secret("residency", "their training program"),
        ],
    },
    AboutTable {
        table: "agreement",
        what: "A confidentiality text as somebody decided about it, whatever cohorts.toml says by now.",
        columns: &[
            ID,
            plain("version", "its version in cohorts.toml"),
            plain("sha256", "the SHA-256 of the text"),
            plain("text", "the whole text"),
        ],
    },
    AboutTable {
        table: "consent",
        what: "One decision about the agreement. A later one of the same enrollment takes the place of an earlier one.",
        columns: &[
            ID,
            plain("enrollment_id", "whose and for which cohort, by id in enrollment.csv"),
            plain("agreement_id", "about which text, by id in agreement.csv"),
            plain("decision", "agreed, declined or withdrawn"),
            plain("decided_on", "the day"),
            plain("method", "how it reached the office: email, form, signed or verbal; none if not said"),
        ],
    },
    AboutTable {
        table: "attendance",
        what: "A mark: whether somebody was at a session.",
        columns: &[
            ID,
            plain("enrollment_id", "whose and in which cohort, by id in enrollment.csv"),
            plain("week", "which session, 1 for the first"),
            plain("mark", "P present, L late, D departed early, E excused, A absent"),
            plain("without_agreement", "why they were let in although they had not agreed, a word of a short list; none for all others"),
            plain("noted_on", "the day on which it was written down"),
        ],
    },
    AboutTable {
        table: "zoom_report",
        what: "An attendance report of Zoom from which a session was recorded, so that reading it once more is noticed.",
        columns: &[
            ID,
            plain("cohort_id", "of which cohort, by id in cohort.csv"),
            plain("week", "of which session, 1 for the first"),
            plain("sha256", "the SHA-256 of the file"),
        ],
    },
    AboutTable {
        table: "incident",
        what: "What went against what was agreed in a group. It stands until it is closed.",
        columns: &[
            ID,
            plain("cohort_id", "in which cohort, by id in cohort.csv"),
            plain("week", "in which session, 1 for the first; none outside of one"),
            plain("kind", "what happened, a word of a short list"),
            secret("participant_id", "whom it is about, by id in participant.csv; none if that is not known, or they were erased"),
            plain("noted_on", "the day on which it was written down"),
            plain("done", "what was done about it, a word of a short list; none while it stands"),
            plain("closed_on", "the day on which that was done"),
        ],
    },
    AboutTable {
        table: "support",
        what: "Somebody asked for support before the next group starts. It stands until it is closed. Nothing is kept of why, or of what was said.",
        columns: &[
            ID,
            secret("participant_id", "who, by id in participant.csv"),
            plain("asked_on", "the day on which they asked"),
            plain("next_on", "the day on which the next contact is due; none if none is"),
            plain("closed_on", "the day on which it was closed; none while it stands"),
            plain("outcome", "what became of it, a word of a short list; none while it stands"),
        ],
    },
    AboutTable {
        table: "contact",
        what: "Somebody who had asked for support was in touch, or was tried.",
        columns: &[
            ID,
            plain("support_id", "for which request, by id in support.csv"),
            plain("kind", "how, a word of a short list"),
            plain("contacted_on", "the day"),
        ],
    },
    AboutTable {
        table: "finish",
        what: "A cohort about which nothing is left to do.",
        columns: &[
            ID,
            plain("cohort_id", "which cohort, by id in cohort.csv"),
            plain("finished_on", "the day on which that was said"),
        ],
    },
    AboutTable {
        table: "draft",
        what: "A message to somebody was drafted. Its text is not kept.",
        columns: &[
            ID,
            plain("enrollment_id", "to whom and in which cohort, by id in enrollment.csv"),
            plain("kind", "invitation, agreement, reminder, missed or moved"),
            plain("week", "about which session, 1 for the first; none if about no single one; an invitation has a row for each session as well"),
            plain("date", "the day of that session, as the message tells it; of an agreement, since when its text is in force"),
            plain("starts_at", "its hour, likewise"),
            plain("drafted_on", "the day on which it was drafted"),
        ],
    },
    AboutTable {
        table: "erased",
        what: "A code of somebody who was erased.",
        columns: &[ID, plain("code", "the code"), plain("erased_on", "the day"), CHECKSUM],
    },
    AboutTable {
        table: "erased_address",
        what: "The addresses of people who were erased, as HMAC-SHA-256 under hash_key of office.csv, so that an old form does not bring them back. Not said whose.",
        columns: &[ID, secret("hash", "the hash, 64 digits from 0 to f"), CHECKSUM],
    },
    AboutTable {
        table: "operation",
        what: "The history: one command that changed something.",
        columns: &[
            ID,
            plain("at", "when"),
            plain("zone", "the time zone of the computer then"),
            plain("actor", "who was at the keyboard"),
            plain("command", "the command, such as enroll"),
            plain("cohort", "the cohort that it was about, if one"),
            plain("summary", "what was done, with codes instead of names"),
            plain("undoes", "the operation that it took back, by id in this file"),
            plain("lasting", "1 if it cannot be taken back, such as an erasure"),
            CHECKSUM,
        ],
    },
    AboutTable {
        table: "change",
        what: "The history: one row before and after an operation, or the place in cohorts.toml that a command edited.",
        columns: &[
            ID,
            plain("operation_id", "by which operation, by id in operation.csv"),
            plain("tbl", "of which table, or cohorts.toml"),
            plain("row_id", "which row, by its id in that table; 0 for cohorts.toml"),
            plain("participant_id", "whom it is about, by id in participant.csv, if anybody"),
            secret("before", "the whole row before, as JSON; none if it was added"),
            secret("after", "the whole row after, as JSON; none if it was removed"),
            plain("checksum", "the checksum of operation_id, tbl, row_id, before and after, see above"),
        ],
    },
    AboutTable {
        table: "disclosure",
        what: "What left for a file that others may read.",
        columns: &[
            ID,
            plain("at", "when"),
            plain("zone", "the time zone of the computer then"),
            plain("actor", "who was at the keyboard"),
            plain("cohorts", "of which cohorts, or all"),
            plain("columns", "which columns of them"),
            plain("people", "of how many people"),
            secret("file", "to which file or folder; its name may tell of somebody"),
            CHECKSUM,
        ],
    },
    AboutTable {
        table: "office",
        what: "What the records say of themselves, in one row.",
        columns: &[
            ID,
            plain("uid", "made up once; all copies of the same records have it in common"),
            secret("hash_key", "the key of the hashes in erased_address.csv: who has both can test whether a certain address is among the erased"),
            plain("handed_over_at", "since when these records may only be read, because they go on elsewhere"),
            plain("handed_over_to", "the file with which they go on there"),
            plain("copy_kind", "only inside a backup or a handover file: which of the two it is"),
            plain("copied_at", "only inside such a file: when it was made"),
            plain("definitions", "only inside such a file: cohorts.toml as it was then"),
            CHECKSUM,
        ],
    },
    AboutTable {
        table: super::COUNTERS,
        what: "The highest id that each table has given so far, also to rows that are gone: no id is ever given twice.",
        columns: &[plain("name", "the table"), plain("seq", "its highest id")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    #[test]
    fn every_table_and_column_is_described_and_no_other() {
        let tables = store::tables_of(store::NEWEST).unwrap();
        for table in &tables {
            let name = &table.name;
            let about = DESCRIBED.iter().find(|about| about.table == name);
            let about = about.unwrap_or_else(|| panic!("describe {name} in {}", file!()));
            let described: Vec<&str> = about.columns.iter().map(|about| about.column).collect();
            let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            assert_eq!(described, columns, "the columns of {name}, in {}", file!());
        }
        for about in DESCRIBED {
            assert!(tables.iter().any(|table| table.name == about.table), "{}", about.table);
        }
    }
}
