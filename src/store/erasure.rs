//! Erasing a participant: nothing that says who they were is left in any table,
//! the history included. What is left can be counted and says nothing.

use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Result, named_params, params};
use sha2::Sha256;

use super::{Store, triggers};
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
        self.remember_addresses(who)?;
        self.empty_file_names(who.id)?;
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
        self.empty_history(who.id)?;
        self.empty_copied_values(who.id)?;
        let codes = self.codes_of(who)?;
        for code in codes {
            self.conn.execute(
                "INSERT INTO erased (code, erased_on, checksum) VALUES (:code, :on, 0)
                 ON CONFLICT (code) DO NOTHING",
                named_params! { ":code": code, ":on": on },
            )?;
            self.seal_where("erased", "code", &code)?;
        }
        Ok(())
    }

    /// All codes somebody has or had.
    fn codes_of(&self, who: &Participant) -> Result<Vec<String>> {
        let mut codes = vec![who.code.to_string()];
        let mut aliases =
            self.conn.prepare_cached("SELECT code FROM alias WHERE participant_id = ?1")?;
        for code in aliases.query_map([who.id], |row| row.get("code"))? {
            codes.push(code?);
        }
        Ok(codes)
    }

    /// Empties every `before` and `after` of rows that are or were somebody's
    /// and are nobody else's now: a row may have been another's while two
    /// entries were joined.
    fn empty_history(&self, id: i64) -> Result<()> {
        for (table, fields) in EMPTIED {
            let emptied = |side: &str| {
                let set: Vec<String> =
                    fields.iter().map(|(field, to)| format!("'$.{field}', {to}")).collect();
                format!(
                    "CASE WHEN {side} IS NULL THEN NULL ELSE json_set({side}, {}) END",
                    set.join(", ")
                )
            };
            let (before, after) = (emptied("before"), emptied("after"));
            let owner = if *table == "participant" { "id" } else { "participant_id" };
            // A change is written down under whoever its row says.
            let nobody = if *table == "incident" { ", participant_id = NULL" } else { "" };
            self.conn.execute(
                &format!(
                    "WITH ids AS (SELECT :id AS id
                                  UNION SELECT former_id FROM alias WHERE participant_id = :id),
                          rows AS (SELECT DISTINCT row_id FROM change
                                   WHERE participant_id IN (SELECT id FROM ids) AND tbl = '{table}')
                     UPDATE change SET before = {before}, after = {after},
                            checksum = change_checksum(operation_id, tbl, row_id, {before}, {after}){nobody}
                     WHERE tbl = '{table}' AND row_id IN (SELECT row_id FROM rows)
                       AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = row_id
                                       AND t.{owner} NOT IN (SELECT id FROM ids))"
                ),
                named_params! { ":id": id },
            )?;
        }
        Ok(())
    }

    /// Empties what another entry's history took over from this one while the
    /// two were joined, and does not have any more.
    fn empty_copied_values(&self, id: i64) -> Result<()> {
        for (table, fields) in
            [("participant", &["phone"][..]), ("enrollment", &["leave", "site", "residency"])]
        {
            for field in fields {
                let emptied = |side: &str| {
                    format!(
                        "CASE WHEN {side} IS NULL THEN NULL ELSE json_set({side}, '$.{field}', NULL) END"
                    )
                };
                let (before, after) = (emptied("before"), emptied("after"));
                // Only operations that joined or parted two entries touch rows of
                // two people in these tables at once.
                self.conn.execute(
                    &format!(
                        "UPDATE change SET before = {before}, after = {after},
                                checksum = change_checksum(operation_id, tbl, row_id, {before}, {after})
                         WHERE tbl = '{table}'
                           AND participant_id NOT IN
                               (SELECT :id UNION SELECT former_id FROM alias WHERE participant_id = :id)
                           AND operation_id IN
                               (SELECT operation_id FROM change
                                WHERE participant_id = :id AND tbl IN ('participant', 'alias'))
                           AND coalesce(json_extract(before, '$.{field}'), '')
                               <> coalesce(json_extract(after, '$.{field}'), '')
                           AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = row_id
                                           AND t.{field} IN (json_extract(before, '$.{field}'),
                                                             json_extract(after, '$.{field}')))"
                    ),
                    named_params! { ":id": id },
                )?;
            }
        }
        Ok(())
    }

    /// Keeps the keyed hashes of all addresses somebody has or had.
    fn remember_addresses(&self, who: &Participant) -> Result<()> {
        let mut statement = self.conn.prepare(
            "WITH ids AS (SELECT :id AS id
                          UNION SELECT former_id FROM alias WHERE participant_id = :id)
             SELECT DISTINCT json_extract(coalesce(after, before), '$.key') AS key FROM change
             WHERE tbl = 'address' AND participant_id IN (SELECT id FROM ids)
               AND json_extract(coalesce(after, before), '$.kind') = 'email'
               AND NOT EXISTS (SELECT 1 FROM address a WHERE a.id = row_id
                               AND a.participant_id NOT IN (SELECT id FROM ids))",
        )?;
        let keys: Vec<String> = statement
            .query_map(named_params! { ":id": who.id }, |row| row.get("key"))?
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

    /// Erases here whom other records of the same office have erased, and
    /// remembers what they remember. Says how many there were.
    pub fn erase_again(&self, as_in: &Store) -> Result<usize> {
        let mut count = 0;
        let mut erased = as_in.conn.prepare("SELECT code, erased_on FROM erased ORDER BY id")?;
        let mut rows = erased.query([])?;
        while let Some(row) = rows.next()? {
            let (code, on): (String, NaiveDate) = (row.get("code")?, row.get("erased_on")?);
            let Some(code) = Code::parse(&code) else { continue };
            if let Some(who) = self.participant(&code)? {
                self.erase(&who, on)?;
                count += 1;
            }
            if self.erased_on(&code)?.is_none() {
                self.conn.execute(
                    "INSERT INTO erased (code, erased_on, checksum) VALUES (?1, ?2, 0)",
                    params![code.as_str(), on],
                )?;
                self.seal_where("erased", "code", code.as_str())?;
            }
        }
        let mut hashes = as_in.conn.prepare("SELECT hash FROM erased_address ORDER BY id")?;
        let hashes: Vec<String> =
            hashes.query_map([], |row| row.get("hash"))?.collect::<Result<_>>()?;
        for hash in hashes {
            self.remember_hash(&hash)?;
        }
        Ok(count)
    }

    /// Whoever was only in cohorts of this list, the erased left out.
    pub fn only_in(&self, cohorts: &[&str]) -> Result<Vec<Participant>> {
        let slugs = Value::Text(serde_json::json!(cohorts).to_string());
        let mut statement = self.conn.prepare_cached(
            "WITH old AS (SELECT c.id FROM json_each(:slugs) j JOIN cohort c ON c.slug = j.value)
             SELECT DISTINCT p.code FROM old
             JOIN enrollment e ON e.cohort_id = old.id
             JOIN participant p ON p.id = e.participant_id
             WHERE p.name_key <> ''
               AND NOT EXISTS (SELECT 1 FROM enrollment other
                               WHERE other.participant_id = e.participant_id
                                 AND other.cohort_id NOT IN (SELECT id FROM old))
             ORDER BY p.id",
        )?;
        let codes: Vec<String> = statement
            .query_map(named_params! { ":slugs": slugs }, |row| row.get("code"))?
            .collect::<Result<_>>()?;
        let codes = codes.iter().filter_map(|code| Code::parse(code));
        codes.filter_map(|code| self.participant(&code).transpose()).collect()
    }
}
