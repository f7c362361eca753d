//! How the history of some records stands to that of others: whether one holds
//! all that the other does.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Result, Row, named_params};

use super::{Store, emptying};

/// How the history of some records stands to that of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Both hold the same changes.
    Same,
    /// The others hold all of these changes, and more.
    Behind,
    /// These hold all of the others' changes, and more.
    Ahead,
    /// Each holds changes that the other lacks; the last one they share.
    Diverged(i64),
}

/// The end of a history: what another one with the same end holds as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    operation: i64,
    checksum: i64,
}

impl Store {
    /// The end of the history; nothing before the first operation.
    pub fn newest(&self) -> Result<Option<Newest>> {
        self.conn
            .prepare_cached("SELECT id, checksum FROM operation ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| {
                Ok(Newest { operation: row.get("id")?, checksum: row.get("checksum")? })
            })
            .optional()
    }

    /// Whether the history of others ends with the same operation. Two may read
    /// the same to the second, about other things: what they changed is summed up
    /// as well, which takes a while after a large import.
    pub fn ends_as(&self, others: &Store) -> Result<bool> {
        let (mine, theirs) = (self.newest()?, others.newest()?);
        Ok(mine == theirs
            && mine.map(|end| self.content(&end)).transpose()?
                == theirs.map(|end| others.content(&end)).transpose()?)
    }

    /// What an operation changed, summed up.
    fn content(&self, of: &Newest) -> Result<i64> {
        // The shift keeps a million of them from overflowing the sum.
        self.conn
            .prepare_cached(
                "SELECT coalesce(sum(checksum >> 24), 0) FROM change WHERE operation_id = ?1",
            )?
            .query_row([of.operation], |row| row.get(0))
    }

    /// Whether this history has what another one ends with.
    pub fn has(&self, end: &Newest) -> Result<bool> {
        self.conn
            .prepare_cached("SELECT 1 FROM operation WHERE id = ?1 AND checksum = ?2")?
            .exists([end.operation, end.checksum])
    }

    /// How these records' history stands to that of others.
    pub fn relation(&self, others: &Store) -> Result<Relation> {
        let (relation, shared) = self.compare_operations(others)?;
        // Two copies that each went on may have operations that read the same
        // to the second, about other things.
        Ok(match self.first_unlike_change(others, shared)? {
            Some(operation) => Relation::Diverged(operation - 1),
            None => relation,
        })
    }

    /// The same by the operations alone; and the last one that both have.
    fn compare_operations(&self, others: &Store) -> Result<(Relation, i64)> {
        let select = "SELECT id, checksum FROM operation ORDER BY id";
        let (mut mine, mut theirs) =
            (self.conn.prepare_cached(select)?, others.conn.prepare_cached(select)?);
        let (mut mine, mut theirs) = (mine.query([])?, theirs.query([])?);
        let mut shared = 0;
        loop {
            let next = |row: Option<&Row<'_>>| -> Result<Option<(i64, i64)>> {
                row.map(|row| Ok((row.get("id")?, row.get("checksum")?))).transpose()
            };
            let relation = match (next(mine.next()?)?, next(theirs.next()?)?) {
                (None, None) => Relation::Same,
                (None, Some(_)) => Relation::Behind,
                (Some(_), None) => Relation::Ahead,
                (Some(one), Some(other)) if one == other => {
                    shared = one.0;
                    continue;
                }
                _ => Relation::Diverged(shared),
            };
            return Ok((relation, shared));
        }
    }

    /// The first operation up to one that did not change the same in both.
    fn first_unlike_change(&self, others: &Store, up_to: i64) -> Result<Option<i64>> {
        // Ids of changes grow with those of their operations, so that both are
        // read once from the beginning.
        let select = "SELECT id, operation_id, participant_id, checksum FROM change NOT INDEXED
                      WHERE operation_id <= ?1 ORDER BY id";
        let (mut mine, mut theirs) =
            (self.conn.prepare_cached(select)?, others.conn.prepare_cached(select)?);
        let (mut mine, mut theirs) = (mine.query([up_to])?, theirs.query([up_to])?);
        loop {
            let next = |row: Option<&Row<'_>>| row.map(ChangeLine::read).transpose();
            let (one, other) = match (next(mine.next()?)?, next(theirs.next()?)?) {
                (None, None) => return Ok(None),
                (Some(one), Some(other)) if one == other => continue,
                (Some(one), Some(other)) => (one, other),
                (Some(only), None) | (None, Some(only)) => return Ok(Some(only.operation)),
            };
            let operation = one.operation.min(other.operation);
            // Whose rows of it are they, and those of whoever they were joined with.
            let mut people: BTreeSet<i64> = one.participant.into_iter().collect();
            people.extend(other.participant);
            let mut erased = self.any_erased(&people)? || others.any_erased(&people)?;
            if !erased {
                people.extend(self.people_of(operation)?);
                people.extend(others.people_of(operation)?);
                erased = self.any_erased(&people)? || others.any_erased(&people)?;
            }
            if !erased || self.emptied_change(one.id)? != others.emptied_change(other.id)? {
                return Ok(Some(operation));
            }
        }
    }

    /// Whose rows an operation changed, by their ids then.
    fn people_of(&self, operation: i64) -> Result<Vec<i64>> {
        self.conn
            .prepare_cached(
                "SELECT DISTINCT participant_id FROM change
                 WHERE operation_id = :operation AND participant_id IS NOT NULL",
            )?
            .query_map(named_params! { ":operation": operation }, |row| row.get(0))?
            .collect()
    }

    /// Whether nothing is known here any more of one of some people, by their
    /// ids now or before two entries were joined.
    fn any_erased(&self, people: &BTreeSet<i64>) -> Result<bool> {
        let mut is_erased = self.conn.prepare_cached(
            "SELECT 1 FROM participant WHERE name_key = '' AND id IN
                 (:id, (SELECT participant_id FROM alias WHERE former_id = :id))",
        )?;
        for id in people {
            if is_erased.exists(named_params! { ":id": id })? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What would be left of a change if everybody in it were erased. As bytes:
    /// damaged text is none.
    fn emptied_change(&self, id: i64) -> Result<EmptiedChange> {
        let [before, after] = ["before", "after"].map(|side| {
            let emptied = emptying::emptied(side);
            format!("CASE WHEN json_valid({side}) THEN {emptied} ELSE {side} END")
        });
        self.conn
            .prepare_cached(&format!(
                "SELECT operation_id, row_id, CAST(tbl AS BLOB) AS tbl,
                        CASE tbl WHEN 'incident' THEN NULL ELSE participant_id END AS participant,
                        CAST({before} AS BLOB) AS before, CAST({after} AS BLOB) AS after
                 FROM change WHERE id = :id"
            ))?
            .query_row(named_params! { ":id": id }, |row| {
                Ok(EmptiedChange {
                    numbers: (row.get("operation_id")?, row.get("row_id")?),
                    participant: row.get("participant")?,
                    table: row.get("tbl")?,
                    before: row.get("before")?,
                    after: row.get("after")?,
                })
            })
    }
}

/// One row of the history, by its checksum.
#[derive(PartialEq, Eq)]
struct ChangeLine {
    id: i64,
    operation: i64,
    participant: Option<i64>,
    checksum: i64,
}

impl ChangeLine {
    fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            operation: row.get("operation_id")?,
            participant: row.get("participant_id")?,
            checksum: row.get("checksum")?,
        })
    }
}

#[derive(PartialEq, Eq)]
struct EmptiedChange {
    numbers: (i64, i64),
    participant: Option<i64>,
    table: Vec<u8>,
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
}
