//! Erasing a participant: nothing that says who they were is left in any table,
//! the history included. What is left can be counted and says nothing.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{OptionalExtension, Result, named_params, params};
use sha2::Sha256;

use super::taken_back::entries_taken_back;
use super::{Record, Store, is_damage, triggers};
use crate::domain::participant::{Code, Email, Participant};

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
        let taken_back = entries_taken_back();
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
                 t AS ({taken_back}),
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

    /// Those who are in the records here, or in their history, and whom other records
    /// of the same office have erased: under which code, and on which day.
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
