//! Entries of participants that were taken back: nobody has them any more, and the
//! history still says who they are.

use chrono::NaiveDate;
use rusqlite::{Result, named_params};

use super::participants::{self, add_address};
use super::{Record, Store};
use crate::domain::participant::{Match, Participant, Who};

/// As SQL: the rows of `change` by which something was taken back, as `undone`.
pub(super) const UNDONE: &str = "operation o CROSS JOIN change undone
    INDEXED BY change_by_operation ON undone.operation_id = o.id AND o.undoes IS NOT NULL";

/// SQL that gives the `id` of each entry that was taken back and is not erased, and the
/// row of `change`, as `change_id`, that took it back.
pub(super) fn entries_taken_back() -> String {
    format!(
        "SELECT undone.row_id AS id, max(undone.id) AS change_id FROM {UNDONE}
         WHERE undone.tbl = 'participant' AND undone.after IS NULL
           AND undone.before ->> 'name_key' <> ''
           AND NOT EXISTS (SELECT 1 FROM participant p WHERE p.id = undone.row_id)
           AND NOT EXISTS (SELECT 1 FROM alias a WHERE a.former_id = undone.row_id)
         GROUP BY undone.row_id"
    )
}

impl Store {
    /// Entries that were taken back, each with the day of that, in the order in
    /// which they were made.
    pub fn taken_back(&self) -> Result<Vec<(Participant, NaiveDate)>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "WITH t AS ({})
             SELECT t.id AS participant_id, c.before ->> 'code' AS code,
                    c.before ->> 'first_name' AS first_name,
                    c.before ->> 'last_name' AS last_name, c.before ->> 'goes_by' AS goes_by,
                    c.before ->> 'phone' AS phone, date(o.at) AS on_day
             FROM t JOIN change c ON c.id = t.change_id
             JOIN operation o ON o.id = c.operation_id ORDER BY t.id",
            entries_taken_back()
        ))?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let record = Record::single(row);
            let mut one = participants::read(&record)?;
            self.add_addresses_ever(&mut one)?;
            found.push((one, record.day("on_day")?));
        }
        Ok(found)
    }

    /// Those of them that `who` names better than by part of a name.
    pub fn find_taken_back(&self, who: &Who) -> Result<Vec<(Match, Participant)>> {
        let mut found = Vec::new();
        for (one, _) in self.taken_back()? {
            found.extend(one.matches(who).filter(|how| *how > Match::Part).map(|how| (how, one)));
        }
        Ok(found)
    }

    /// Those of somebody's name who may be somebody else: of another address.
    pub fn taken_back_of_that_name(
        &self,
        who: &Participant,
    ) -> Result<Vec<(Participant, NaiveDate)>> {
        let entries = self.entries_of(who.id)?;
        let own: Vec<i64> = self
            .conn
            .prepare_cached("SELECT value FROM json_each(:entries)")?
            .query_map(named_params! { ":entries": entries }, |row| row.get("value"))?
            .collect::<Result<_>>()?;
        let mut found = self.taken_back()?;
        found.retain(|(one, _)| {
            one.has_name(&who.first_name, &who.last_name) && !own.contains(&one.id)
        });
        Ok(found)
    }

    fn add_addresses_ever(&self, to: &mut Participant) -> Result<()> {
        let mut statement = self.conn.prepare_cached(
            "SELECT coalesce(after, before) ->> 'value' AS value, FALSE AS current
             FROM change INDEXED BY change_by_participant
             WHERE participant_id = :id AND tbl = 'address'
               AND coalesce(after, before) ->> 'kind' = 'email'",
        )?;
        let mut rows = statement.query(named_params! { ":id": to.id })?;
        while let Some(row) = rows.next()? {
            add_address(to, &Record::single(row))?;
        }
        Ok(())
    }
}
