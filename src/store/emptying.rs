//! What the history keeps of whoever is erased: nothing that says who they were,
//! while each change still begins where the one before it ended.

use rusqlite::{Result, named_params};

use super::Store;
use super::taken_back::UNDONE;

/// What each field that tells of somebody is emptied to, as SQL over a row of
/// `change`. The values are such that the tables' rules still hold: names may
/// not be empty, and nobody has one address twice.
const EMPTIED: &[(&str, &[(&str, &str)])] = &[
    (
        "participant",
        &[
            ("first_name", "'erased'"),
            ("last_name", "'erased'"),
            ("goes_by", "NULL"),
            ("phone", "NULL"),
            ("name_key", "''"),
        ],
    ),
    ("address", &[("value", "'erased-' || row_id"), ("key", "'erased-' || row_id")]),
    ("enrollment", &[("leave", "NULL"), ("site", "NULL"), ("residency", "NULL")]),
    ("incident", &[("participant_id", "NULL")]),
];

/// What an entry takes over from another one as they are joined.
const COPIED: [(&str, &str); 4] = [
    ("participant", "phone"),
    ("enrollment", "leave"),
    ("enrollment", "site"),
    ("enrollment", "residency"),
];

/// SQL that gives what is left of one side of a row of `change` once whoever it
/// is about is erased.
pub(super) fn emptied(side: &str) -> String {
    let tables = EMPTIED.iter().map(|(table, fields)| {
        let set = fields.iter().map(|(field, to)| format!("'$.{field}', {to}"));
        let set = set.collect::<Vec<_>>().join(", ");
        format!("WHEN tbl = '{table}' THEN json_set({side}, {set})")
    });
    format!(
        "CASE WHEN {side} IS NULL THEN NULL {} ELSE {side} END",
        tables.collect::<Vec<_>>().join(" ")
    )
}

/// SQL that sets both sides of rows of `change`, with the checksum of what they are then.
fn rewrite(before: &str, after: &str) -> String {
    format!(
        "UPDATE change SET before = {before}, after = {after},
                checksum = change_checksum(operation_id, tbl, row_id, {before}, {after})"
    )
}

impl Store {
    /// Empties whatever the history has of some entries, in rows of others too.
    pub(super) fn empty_history(&self, entries: &str) -> Result<()> {
        // What others have of them is known by what their own rows say.
        self.empty_copied_values(entries)?;
        self.empty_mistaken_names(entries)?;
        self.empty_own_rows(entries)
    }

    /// Empties every `before` and `after` of rows that are or were of some entries
    /// and are nobody else's now: a row may have been another's while two entries
    /// were joined. An address of theirs that another was given by mistake, and that
    /// was taken back, is theirs alone again.
    fn empty_own_rows(&self, entries: &str) -> Result<()> {
        let rewrite = rewrite(&emptied("before"), &emptied("after"));
        for (table, _) in EMPTIED {
            let owner = if *table == "participant" { "id" } else { "participant_id" };
            // A change is written down under whoever its row says.
            let nobody = if *table == "incident" { ", participant_id = NULL" } else { "" };
            let mistaken = match *table {
                "address" => &format!(
                    "UNION SELECT undone.row_id FROM {UNDONE}
                         WHERE undone.tbl = 'address' AND undone.after IS NULL
                           AND undone.before ->> 'key' IN (SELECT key FROM own)"
                ),
                _ => "",
            };
            // INDEXED BY keeps SQLite from reading everybody's history.
            self.conn.execute(
                &format!(
                    "WITH ids AS MATERIALIZED (SELECT value AS id FROM json_each(:entries)),
                          own AS MATERIALIZED (
                              SELECT row_id, coalesce(after, before) ->> 'key' AS key
                              FROM change INDEXED BY change_by_participant
                              WHERE participant_id IN (SELECT id FROM ids) AND tbl = '{table}'),
                          rows AS (SELECT row_id FROM own {mistaken})
                     {rewrite}{nobody}
                     WHERE tbl = '{table}' AND row_id IN (SELECT row_id FROM rows)
                       AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = row_id
                                       AND t.{owner} NOT IN (SELECT id FROM ids))"
                ),
                named_params! { ":entries": entries },
            )?;
        }
        Ok(())
    }

    /// Empties the name of theirs that another was given by mistake, until that was
    /// taken back: wherever it stands in the changes of that row, so that each begins
    /// where the one before it ended. Whoever is called so now is somebody else.
    fn empty_mistaken_names(&self, entries: &str) -> Result<()> {
        let [before, after] = ["before", "after"].map(|side| {
            let is_theirs = format!("{side} ->> 'name_key' IN (SELECT key FROM keys)");
            format!("CASE WHEN {is_theirs} THEN {} ELSE {side} END", emptied(side))
        });
        let rewrite = rewrite(&before, &after);
        self.conn.execute(
            &format!(
                "WITH ids AS MATERIALIZED (SELECT value AS id FROM json_each(:entries)),
                      keys AS MATERIALIZED (
                          SELECT coalesce(after, before) ->> 'name_key' AS key
                          FROM change INDEXED BY change_by_participant
                          WHERE participant_id IN (SELECT id FROM ids) AND tbl = 'participant'
                            AND coalesce(after, before) ->> 'name_key' <> ''),
                      rows AS (
                          SELECT undone.row_id FROM {UNDONE}
                          WHERE undone.tbl = 'participant'
                            AND undone.before ->> 'name_key' IN (SELECT key FROM keys)
                            AND undone.row_id NOT IN (SELECT id FROM ids))
                 {rewrite}
                 WHERE tbl = 'participant' AND row_id IN (SELECT row_id FROM rows)
                   AND EXISTS (SELECT 1 FROM participant p WHERE p.id = row_id
                               AND p.name_key NOT IN (SELECT key FROM keys))"
            ),
            named_params! { ":entries": entries },
        )?;
        Ok(())
    }

    /// Empties what another entry took over while the two were joined and gave back
    /// as they parted, in all changes of its row from the one to the other: else a
    /// change would not begin where the one before it ended.
    fn empty_copied_values(&self, entries: &str) -> Result<()> {
        for (table, field) in COPIED {
            // What was theirs before and is theirs after stays.
            let [before, after] = [("before", ":took"), ("after", ":gave")].map(|(side, own)| {
                format!(
                    "iif({side} IS NULL OR id = {own}, {side}, json_set({side}, '$.{field}', NULL))"
                )
            });
            let rewrite = rewrite(&before, &after);
            let taken: Vec<(i64, i64, i64)> = self
                .conn
                .prepare_cached(&format!(
                    "WITH ids AS MATERIALIZED (SELECT value AS id FROM json_each(:entries)),
                          had AS MATERIALIZED (
                              SELECT coalesce(after, before) ->> '{field}' AS value
                              FROM change INDEXED BY change_by_participant
                              WHERE participant_id IN (SELECT id FROM ids) AND tbl = '{table}'),
                          joined AS (SELECT operation_id FROM change
                                     WHERE tbl = 'alias' AND before IS NULL),
                          parted AS MATERIALIZED (SELECT operation_id FROM change
                                                  WHERE tbl = 'alias' AND after IS NULL)
                     SELECT took.row_id, took.id AS took,
                            (SELECT min(gave.id) FROM change gave
                             WHERE gave.tbl = '{table}' AND gave.row_id = took.row_id
                               AND gave.id > took.id
                               AND gave.operation_id IN (SELECT operation_id FROM parted)
                               AND gave.before ->> '{field}' IS NOT gave.after ->> '{field}') AS gave
                     FROM change took INDEXED BY change_by_operation
                     WHERE took.operation_id IN (SELECT operation_id FROM joined)
                       AND took.tbl = '{table}'
                       AND took.participant_id NOT IN (SELECT id FROM ids)
                       AND took.after ->> '{field}' IN (SELECT value FROM had)
                       AND took.before ->> '{field}' IS NOT took.after ->> '{field}'
                       AND gave IS NOT NULL"
                ))?
                .query_map(named_params! { ":entries": entries }, |row| {
                    Ok((row.get("row_id")?, row.get("took")?, row.get("gave")?))
                })?
                .collect::<Result<_>>()?;
            for (row, took, gave) in taken {
                self.conn
                    .prepare_cached(&format!(
                        "{rewrite}
                         WHERE tbl = '{table}' AND row_id = :row AND id BETWEEN :took AND :gave"
                    ))?
                    .execute(named_params! { ":row": row, ":took": took, ":gave": gave })?;
            }
        }
        Ok(())
    }
}
