//! Erasing a participant: nothing that says who they were is left in any table,
//! the history included. What is left can be counted and says nothing.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{OptionalExtension, Result, named_params, params};
use sha2::Sha256;

use super::taken_back::TAKEN_BACK;
use super::{Record, Store, is_damage, triggers};
use crate::domain::participant::{Code, Email, Participant};

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

/// An entry that is several elsewhere, where only some of them were erased.
pub struct ErasedInPart {
    /// All codes that the entry has or had.
    pub codes: Vec<Code>,
    /// Those of them that were erased elsewhere.
    pub erased: Vec<Code>,
    /// The operation here that joined them last.
    pub joined_by: i64,
}

impl Store {
    /// Erases somebody from every table and from the history, under the open
    /// operation. The caller sees to it that the file is written anew
    /// ([`Store::vacuum`]) before it counts as done.
    pub fn erase(&self, who: &Participant, on: NaiveDate) -> Result<()> {
        self.permits.erasing.store(true, Ordering::Relaxed);
        let done = self.erase_permitted(who, on);
        self.permits.erasing.store(false, Ordering::Relaxed);
        done
    }

    fn erase_permitted(&self, who: &Participant, on: NaiveDate) -> Result<()> {
        let entries = self.entries_of(who.id)?;
        self.remember_addresses(&entries)?;
        self.empty_file_names(&entries)?;
        let id = named_params! { ":id": who.id };
        // Written down in the history like every change, and emptied there
        // right after.
        self.conn.execute(
            "UPDATE participant SET first_name = 'erased', last_name = 'erased', goes_by = NULL,
                    phone = NULL, name_key = '' WHERE id = :id",
            id,
        )?;
        self.conn.execute("DELETE FROM address WHERE participant_id = :id", id)?;
        self.conn.execute(
            "UPDATE enrollment SET leave = NULL, site = NULL, residency = NULL
             WHERE participant_id = :id",
            id,
        )?;
        // What happened stays, and says of nobody any more.
        self.conn
            .execute("UPDATE incident SET participant_id = NULL WHERE participant_id = :id", id)?;
        // There is nobody to be in touch with any more.
        self.conn.execute(
            "UPDATE support SET closed_on = :on, outcome = 'no-longer-needed', next_on = NULL
             WHERE participant_id = :id AND closed_on IS NULL",
            named_params! { ":id": who.id, ":on": on },
        )?;
        self.empty_copied_values(&entries)?;
        self.empty_mistaken_names(&entries)?;
        self.empty_history(&entries)?;
        for code in self.codes_of_entries(&entries)? {
            self.conn.execute(
                "INSERT INTO erased (code, erased_on, checksum) VALUES (:code, :on, 0)
                 ON CONFLICT (code) DO NOTHING",
                named_params! { ":code": code, ":on": on },
            )?;
            self.seal_where("erased", "code", &code)?;
        }
        Ok(())
    }

    /// The ids of all entries that are or were somebody's, as a list in JSON: their
    /// own, those that became a part of it, and those of the same address that were
    /// taken back, or of the same name without any: whoever was entered with a mistake,
    /// and then anew, is in the history twice. Of another address, one of the same name
    /// may be somebody else.
    pub(super) fn entries_of(&self, id: i64) -> Result<String> {
        // INDEXED BY keeps SQLite from reading everybody's history.
        let key = "coalesce(c.after, c.before) ->> iif(c.tbl = 'participant', 'name_key', 'key')";
        self.conn.query_row(
            &format!(
                "WITH own AS MATERIALIZED (
                     SELECT :id AS id UNION SELECT former_id FROM alias WHERE participant_id = :id),
                 keys AS MATERIALIZED (
                     SELECT c.tbl, {key} AS key
                     FROM change c INDEXED BY change_by_participant
                     WHERE c.participant_id IN (SELECT id FROM own)
                       AND c.tbl IN ('participant', 'address') AND {key} <> ''),
                 t AS ({TAKEN_BACK}),
                 same AS (
                     SELECT t.id FROM t
                     JOIN change c INDEXED BY change_by_participant ON c.participant_id = t.id
                     WHERE (c.tbl, {key}) IN (SELECT tbl, key FROM keys)
                       AND (c.tbl = 'address' OR NOT EXISTS
                            (SELECT 1 FROM change a INDEXED BY change_by_participant
                             WHERE a.participant_id = t.id AND a.tbl = 'address')))
                 SELECT json_group_array(id) FROM (SELECT id FROM own UNION SELECT id FROM same)"
            ),
            named_params! { ":id": id },
            |row| row.get(0),
        )
    }

    /// All codes that somebody has or had, but for one that is another's by now, as
    /// an entry that was taken back leaves it.
    pub(super) fn codes_of_entries(&self, entries: &str) -> Result<Vec<String>> {
        self.conn
            .prepare_cached(
                "WITH ids AS MATERIALIZED (SELECT value AS id FROM json_each(:entries)),
                      codes AS (SELECT DISTINCT coalesce(after, before) ->> 'code' AS code
                                FROM change INDEXED BY change_by_participant
                                WHERE tbl = 'participant'
                                  AND participant_id IN (SELECT id FROM ids))
                 SELECT code FROM codes
                 WHERE NOT EXISTS (SELECT 1 FROM participant p WHERE p.code = codes.code
                                   AND p.id NOT IN (SELECT id FROM ids))",
            )?
            .query_map(named_params! { ":entries": entries }, |row| row.get("code"))?
            .collect()
    }

    /// Empties every `before` and `after` of rows that are or were of some entries
    /// and are nobody else's now: a row may have been another's while two entries
    /// were joined. An address of theirs that another was given by mistake, and that
    /// was taken back, is theirs alone again.
    fn empty_history(&self, entries: &str) -> Result<()> {
        let (before, after) = (emptied("before"), emptied("after"));
        for (table, _) in EMPTIED {
            let owner = if *table == "participant" { "id" } else { "participant_id" };
            // A change is written down under whoever its row says.
            let nobody = if *table == "incident" { ", participant_id = NULL" } else { "" };
            let mistaken = match *table {
                "address" => {
                    "UNION SELECT gone.row_id
                     FROM operation o CROSS JOIN change gone INDEXED BY change_by_operation
                          ON gone.operation_id = o.id
                     WHERE o.undoes IS NOT NULL AND gone.tbl = 'address' AND gone.after IS NULL
                       AND gone.before ->> 'key' IN (SELECT key FROM own)"
                }
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
                     UPDATE change SET before = {before}, after = {after},
                            checksum = change_checksum(operation_id, tbl, row_id, {before}, {after}){nobody}
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
        self.conn.execute(
            &format!(
                "WITH ids AS MATERIALIZED (SELECT value AS id FROM json_each(:entries)),
                      keys AS MATERIALIZED (
                          SELECT coalesce(after, before) ->> 'name_key' AS key
                          FROM change INDEXED BY change_by_participant
                          WHERE participant_id IN (SELECT id FROM ids) AND tbl = 'participant'
                            AND coalesce(after, before) ->> 'name_key' <> ''),
                      rows AS (
                          SELECT undone.row_id
                          FROM operation o CROSS JOIN change undone INDEXED BY change_by_operation
                               ON undone.operation_id = o.id
                          WHERE o.undoes IS NOT NULL AND undone.tbl = 'participant'
                            AND undone.before ->> 'name_key' IN (SELECT key FROM keys)
                            AND undone.row_id NOT IN (SELECT id FROM ids))
                 UPDATE change SET before = {before}, after = {after},
                        checksum = change_checksum(operation_id, tbl, row_id, {before}, {after})
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
                        "UPDATE change SET before = {before}, after = {after},
                                checksum = change_checksum(operation_id, tbl, row_id, {before}, {after})
                         WHERE tbl = '{table}' AND row_id = :row AND id BETWEEN :took AND :gave"
                    ))?
                    .execute(named_params! { ":row": row, ":took": took, ":gave": gave })?;
            }
        }
        Ok(())
    }

    /// Keeps the keyed hashes of all addresses somebody has or had.
    fn remember_addresses(&self, entries: &str) -> Result<()> {
        // INDEXED BY keeps SQLite from reading everybody's history.
        let mut statement = self.conn.prepare_cached(
            "WITH ids AS MATERIALIZED (SELECT value AS id FROM json_each(:entries))
             SELECT DISTINCT json_extract(coalesce(after, before), '$.key') AS key
             FROM change INDEXED BY change_by_participant
             WHERE tbl = 'address' AND participant_id IN (SELECT id FROM ids)
               AND json_extract(coalesce(after, before), '$.kind') = 'email'
               AND NOT EXISTS (SELECT 1 FROM address a WHERE a.id = row_id
                               AND a.participant_id NOT IN (SELECT id FROM ids))",
        )?;
        let keys: Vec<String> = statement
            .query_map(named_params! { ":entries": entries }, |row| row.get("key"))?
            .collect::<Result<_>>()?;
        for key in keys {
            self.remember_hash(&self.hash_of(&key)?)?;
        }
        Ok(())
    }

    fn remember_hash(&self, hash: &str) -> Result<()> {
        self.conn.execute(
            "INSERT INTO erased_address (hash, checksum) VALUES (?1, 0)
             ON CONFLICT (hash) DO NOTHING",
            [hash],
        )?;
        self.seal_where("erased_address", "hash", hash)
    }

    fn seal_where(&self, table: &str, column: &str, value: &str) -> Result<()> {
        let find = format!("SELECT id FROM {table} WHERE {column} = ?1");
        let id = self.conn.query_row(&find, [value], |row| row.get(0))?;
        triggers::seal(&self.conn, table, id)
    }

    /// HMAC-SHA-256 (RFC 2104) of an address under the office's key, as hex.
    fn hash_of(&self, address_key: &str) -> Result<String> {
        let key: String = self
            .conn
            .prepare_cached("SELECT hash_key FROM office")?
            .query_row([], |row| row.get("hash_key"))?;
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
            return Err(rusqlite::Error::InvalidQuery);
        };
        mac.update(address_key.as_bytes());
        Ok(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Whether an address was that of somebody erased, and is nobody's now.
    pub fn is_erased_address(&self, email: &Email) -> Result<bool> {
        if !self.conn.prepare_cached("SELECT 1 FROM erased_address")?.exists([])? {
            return Ok(false);
        }
        self.conn
            .prepare_cached("SELECT 1 FROM erased_address WHERE hash = ?1")?
            .exists([self.hash_of(&email.key())?])
    }

    /// The day on which whoever had a code was erased.
    pub fn erased_on(&self, code: &Code) -> Result<Option<NaiveDate>> {
        self.conn
            .prepare_cached("SELECT erased_on FROM erased WHERE code = ?1")?
            .query_row([code.as_str()], |row| row.get("erased_on"))
            .optional()
    }

    /// Somebody here whom other records of the same office have erased in part:
    /// entries that are joined here, and were parted there before one of them was
    /// erased. To erase them again would take the other one along.
    pub fn erased_in_part(&self, as_in: &Store) -> Result<Option<ErasedInPart>> {
        let erased_there: HashSet<Code> =
            as_in.erased()?.into_iter().map(|(code, _)| code).collect();
        let joined: Vec<Code> = self
            .conn
            .prepare_cached("SELECT code FROM alias ORDER BY participant_id, id")?
            .query_map([], |row| Record::single(row).code("code"))?
            .collect::<Result<_>>()?;
        for code in joined {
            let Some(who) = self.participant(&code)? else { continue };
            let codes = self.codes_of(&who)?;
            let erased = codes.iter().filter(|code| erased_there.contains(code));
            let erased: Vec<Code> = erased.cloned().collect();
            if !erased.is_empty() && erased.len() < codes.len() {
                let joined_by = self.conn.query_row(
                    "SELECT max(operation_id) FROM change
                     WHERE tbl = 'alias' AND before IS NULL
                       AND row_id IN (SELECT id FROM alias WHERE participant_id = ?1)",
                    [who.id],
                    |row| row.get(0),
                )?;
                return Ok(Some(ErasedInPart { codes, erased, joined_by }));
            }
        }
        Ok(None)
    }

    /// Erases here whom other records of the same office have erased, and
    /// remembers what they remember; `before` each, the caller does what is done
    /// before an erasure. Says how many there were. That nobody was
    /// [erased in part](Store::erased_in_part) is for the caller to see.
    pub fn erase_again(
        &self,
        as_in: &Store,
        before: impl Fn(&Participant) -> Result<()>,
    ) -> Result<usize> {
        let again = self.erased_in(as_in)?;
        for (who, _, on) in &again {
            before(who)?;
            self.erase(who, *on)?;
        }
        for (code, on) in as_in.erased()? {
            if self.erased_on(&code)?.is_none() {
                self.conn.execute(
                    "INSERT INTO erased (code, erased_on, checksum) VALUES (?1, ?2, 0)",
                    params![code.as_str(), on],
                )?;
                self.seal_where("erased", "code", code.as_str())?;
            }
        }
        let hashes = match as_in.erased_addresses() {
            // Of damaged records what is gone is gone; the addresses of whoever was
            // erased again here are known anew.
            Err(error) if is_damage(&error) => Vec::new(),
            hashes => hashes?,
        };
        for hash in hashes {
            self.remember_hash(&hash)?;
        }
        Ok(again.len())
    }

    /// Those who are in the records here, or in their history, and whom other records of the same office
    /// have erased: under which code, and on which day.
    pub fn erased_in(&self, other: &Store) -> Result<Vec<(Participant, Code, NaiveDate)>> {
        let mut found: Vec<(Participant, Code, NaiveDate)> = Vec::new();
        let mut taken_back = self.taken_back()?;
        for (code, on) in other.erased()? {
            let gone = taken_back.iter().position(|(one, _)| one.code == code);
            let gone = gone.map(|at| taken_back.swap_remove(at).0);
            if let Some(who) = self.participant(&code)?.or(gone)
                && found.iter().all(|(other, ..)| other.id != who.id)
            {
                found.push((who, code, on));
            }
        }
        Ok(found)
    }

    /// Whom nothing is known of any more, by their codes, and since when; also those
    /// of whom only their own row still says so.
    pub fn erased(&self) -> Result<Vec<(Code, NaiveDate)>> {
        let mut statement = self.conn.prepare(
            "SELECT code, erased_on FROM erased
             UNION ALL
             SELECT code, (SELECT date(o.at)
                           FROM change c JOIN operation o ON o.id = c.operation_id
                           WHERE c.tbl = 'participant' AND c.row_id = p.id
                           ORDER BY c.id DESC LIMIT 1)
             FROM participant p
             WHERE name_key = '' AND NOT EXISTS (SELECT 1 FROM erased e WHERE e.code = p.code)",
        )?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            // Of damaged records, what is no code was nobody's.
            if let Some(code) = Code::parse(&row.get::<_, String>("code")?) {
                found.push((code, row.get("erased_on")?));
            }
        }
        Ok(found)
    }

    fn erased_addresses(&self) -> Result<Vec<String>> {
        self.conn
            .prepare("SELECT hash FROM erased_address ORDER BY id")?
            .query_map([], |row| row.get("hash"))?
            .collect()
    }
}
