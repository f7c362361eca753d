//! Participants and their addresses.

use rusqlite::{OptionalExtension, Result, named_params};

use super::{Record, Store};
use crate::domain::codes::Codes;
use crate::domain::participant::{Code, Email, Match, Participant, Who};
use crate::domain::text::fold;

/// Columns of `participant p`.
pub(super) const PARTICIPANT: &str =
    "p.id AS participant_id, p.code, p.first_name, p.last_name, p.goes_by, p.phone";

/// Leaves out those of `participant p` who were erased.
pub(super) const KNOWN: &str = "p.name_key <> ''";

/// Reads [`PARTICIPANT`]; addresses are read apart.
pub(super) fn read(row: &Record<'_>) -> Result<Participant> {
    Ok(Participant {
        id: row.get("participant_id")?,
        code: row.code("code")?,
        first_name: row.get("first_name")?,
        last_name: row.get("last_name")?,
        goes_by: row.get("goes_by")?,
        phone: row.get("phone")?,
        email: None,
        former_emails: Vec::new(),
    })
}

/// Adds an address read from `value` and `current`.
pub(super) fn add_address(to: &mut Participant, row: &Record<'_>) -> Result<()> {
    if row.get("current")? {
        to.email = Some(row.get("value")?);
    } else {
        to.former_emails.push(row.get("value")?);
    }
    Ok(())
}

pub(super) fn name_key(first_name: &str, last_name: &str) -> String {
    fold(&[first_name, " ", last_name].concat())
}

impl Store {
    /// Everybody whom `who` names, and how well. Best matches first: nobody is
    /// looked up by name where a code or an address fits.
    pub fn find_participants(&self, who: &Who) -> Result<Vec<(Match, Participant)>> {
        let mut exact = Vec::new();
        if let Some(code) = who.code() {
            exact.extend(self.participant(code)?.map(|found| (Match::Exact, found)));
        }
        if let Ok(email) = Email::parse(&who.text) {
            let found = self.participants_at(&email)?;
            exact.extend(found.into_iter().map(|found| (Match::Exact, found)));
        }
        if !exact.is_empty() {
            return Ok(exact);
        }
        let mut by_name = Vec::new();
        self.each_participant(|participant| {
            by_name.extend(participant.matches(who).map(|how| (how, participant)));
            Ok(())
        })?;
        by_name.into_iter().map(|(how, found)| Ok((how, self.with_addresses(found)?))).collect()
    }

    /// Whoever has a code, or had it before two entries were joined.
    pub fn participant(&self, code: &Code) -> Result<Option<Participant>> {
        let sql = format!(
            "SELECT {PARTICIPANT} FROM participant p
             WHERE p.id = coalesce((SELECT id FROM participant WHERE code = :code),
                                   (SELECT participant_id FROM alias WHERE code = :code))
               AND {KNOWN}"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_row(named_params! { ":code": code.as_str() }, |row| read(&Record::single(row)))
            .optional()?
            .map(|found| self.with_addresses(found))
            .transpose()
    }

    /// Those whose address this is or was.
    pub fn participants_at(&self, email: &Email) -> Result<Vec<Participant>> {
        let sql = format!(
            "SELECT {PARTICIPANT} FROM address a JOIN participant p ON p.id = a.participant_id
             WHERE a.key = :key AND a.kind = 'email' ORDER BY p.id"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_map(named_params! { ":key": email.key() }, |row| read(&Record::single(row)))?
            .map(|found| self.with_addresses(found?))
            .collect()
    }

    /// Everybody of that name, whatever the case and the accents; without their
    /// addresses.
    pub fn namesakes(&self, first_name: &str, last_name: &str) -> Result<Vec<Participant>> {
        let key = name_key(first_name, last_name);
        // Most have none, which is cheaper to ask.
        if !self
            .conn
            .prepare_cached("SELECT 1 FROM participant WHERE name_key = ?1")?
            .exists([&key])?
        {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT {PARTICIPANT} FROM participant p WHERE p.name_key = :key ORDER BY p.id"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_map(named_params! { ":key": key }, |row| read(&Record::single(row)))?
            .collect()
    }

    /// Whether nobody was ever known here, not even somebody erased.
    pub fn never_knew_anybody(&self) -> Result<bool> {
        self.conn
            .prepare_cached(
                "SELECT NOT EXISTS (SELECT 1 FROM participant)
                    AND NOT EXISTS (SELECT 1 FROM erased_address)",
            )?
            .query_row([], |row| row.get(0))
    }

    /// Whether this is or was anybody's address.
    pub fn is_known_address(&self, email: &Email) -> Result<bool> {
        self.conn
            .prepare_cached("SELECT 1 FROM address WHERE key = ?1 AND kind = 'email'")?
            .exists([email.key()])
    }

    /// Everybody known to the office, in the order in which they came; without
    /// their addresses.
    pub fn each_participant(&self, mut each: impl FnMut(Participant) -> Result<()>) -> Result<()> {
        let sql = format!("SELECT {PARTICIPANT} FROM participant p WHERE {KNOWN} ORDER BY p.id");
        self.each_record(&sql, &[], |row| each(read(row)?))
    }

    fn with_addresses(&self, mut participant: Participant) -> Result<Participant> {
        let mut statement = self.conn.prepare_cached(
            "SELECT value, current FROM address
             WHERE participant_id = :id AND kind = 'email' ORDER BY id",
        )?;
        let mut rows = statement.query(named_params! { ":id": participant.id })?;
        while let Some(row) = rows.next()? {
            add_address(&mut participant, &Record::single(row))?;
        }
        Ok(participant)
    }

    /// Somebody's code, and those they had before entries were joined.
    pub fn codes_of(&self, who: &Participant) -> Result<Vec<Code>> {
        let mut codes = vec![who.code.clone()];
        let mut aliases =
            self.conn.prepare_cached("SELECT code FROM alias WHERE participant_id = ?1")?;
        for code in aliases.query_map([who.id], |row| Record::single(row).code("code"))? {
            codes.push(code?);
        }
        Ok(codes)
    }

    /// The ids of the cohorts somebody is or was in, oldest enrollment first.
    pub fn cohorts_of(&self, participant: i64) -> Result<Vec<String>> {
        self.conn
            .prepare_cached(
                "SELECT c.slug FROM enrollment e JOIN cohort c ON c.id = e.cohort_id
                 WHERE e.participant_id = :id ORDER BY e.id",
            )?
            .query_map(named_params! { ":id": participant }, |row| row.get(0))?
            .collect()
    }

    /// Whether nobody has a code, or had it; of somebody erased, restored records
    /// may know nothing but the code.
    pub fn is_free(&self, code: &Code) -> Result<bool> {
        let taken = self
            .conn
            .prepare_cached(
                "SELECT 1 FROM participant WHERE code = :code
                 UNION ALL SELECT 1 FROM alias WHERE code = :code
                 UNION ALL SELECT 1 FROM erased WHERE code = :code",
            )?
            .exists(named_params! { ":code": code.as_str() })?;
        Ok(!taken)
    }

    /// Notes the codes that are not free, up to so many; gives whether these are all.
    pub fn note_codes(&self, codes: &mut Codes, most: usize) -> Result<bool> {
        let mut statement = self.conn.prepare_cached(
            "SELECT code FROM participant UNION ALL SELECT code FROM alias
             UNION ALL SELECT code FROM erased",
        )?;
        let mut rows = statement.query([])?;
        for _ in 0..most {
            let Some(row) = rows.next()? else { return Ok(true) };
            codes.insert(&Record::single(row).code("code")?);
        }
        Ok(rows.next()?.is_none())
    }

    /// Adds somebody new, with a code that nobody has, and gives the id.
    pub fn add_participant(&self, new: &Participant) -> Result<i64> {
        self.conn
            .prepare_cached(
                "INSERT INTO participant (code, first_name, last_name, goes_by, phone, name_key)
                 VALUES (:code, :first_name, :last_name, :goes_by, :phone, :name_key)",
            )?
            .execute(named_params! {
                ":code": new.code.as_str(), ":first_name": new.first_name,
                ":last_name": new.last_name, ":goes_by": new.goes_by, ":phone": new.phone,
                ":name_key": name_key(&new.first_name, &new.last_name),
            })?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Writes the names and the phone number; addresses go their own way.
    pub fn update_participant(&self, to: &Participant) -> Result<()> {
        self.conn
            .prepare_cached(
                "UPDATE participant SET first_name = :first_name, last_name = :last_name,
                        goes_by = :goes_by, phone = :phone, name_key = :name_key
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": to.id, ":first_name": to.first_name, ":last_name": to.last_name,
                ":goes_by": to.goes_by, ":phone": to.phone,
                ":name_key": name_key(&to.first_name, &to.last_name),
            })?;
        Ok(())
    }

    /// Makes an address the current one; the one before becomes a former one.
    pub fn set_email(&self, participant: i64, email: Option<&Email>) -> Result<()> {
        self.conn
            .prepare_cached(
                "UPDATE address SET current = 0
                 WHERE participant_id = :id AND kind = 'email' AND current = 1",
            )?
            .execute(named_params! { ":id": participant })?;
        if let Some(email) = email {
            self.conn
                .prepare_cached(
                    "INSERT INTO address (participant_id, kind, value, key, current)
                     VALUES (:id, 'email', :value, :key, 1)
                     ON CONFLICT (participant_id, kind, key) DO UPDATE SET value = :value, current = 1",
                )?
                .execute(named_params! {
                    ":id": participant, ":value": email.as_str(), ":key": email.key(),
                })?;
        }
        Ok(())
    }
}
