//! Rows without a history: each against the checksum that it carries. None of them is
//! ever removed, which is seen where something else says that there were some.

use rusqlite::{Connection, Result};

use super::super::{open, triggers};
use super::{Finding, Inspection};

/// Looks at all of them; without a `model` of the tables only for what is gone.
pub(super) fn inspect(inspection: &mut Inspection<'_>, model: Option<&Connection>) -> Result<()> {
    // The first version had no checksums, and erased nobody.
    if open::version(inspection.conn)? < 2 {
        return Ok(());
    }
    for table in triggers::SEALED {
        let sum = model.map(|model| triggers::checksum_of(model, table)).transpose()?;
        let looked = rows(inspection, table, sum.as_deref());
        inspection.readable(table, looked)?;
    }
    let looked = erased(inspection);
    inspection.readable("the list of the erased", looked)?;
    Ok(())
}

fn rows(inspection: &mut Inspection<'_>, table: &'static str, sum: Option<&str>) -> Result<()> {
    let found = |id, what: &str| Finding {
        what: what.to_owned(),
        table: Some(table),
        row: Some(id),
        code: None,
    };
    // The first one is there since the table's counter was begun. Later numbers may
    // be left out: an address that is known already is given one for nothing.
    let first_is_gone = inspection.conn.query_row(
        &format!(
            "SELECT NOT EXISTS (SELECT 1 FROM {table} WHERE id = 1)
                    AND (?1 = 'office' OR EXISTS
                         (SELECT 1 FROM sqlite_sequence WHERE name = ?1 AND seq > 0))"
        ),
        [table],
        |row| row.get(0),
    )?;
    if first_is_gone {
        inspection.found(found(1, "is gone"));
    }
    let Some(sum) = sum else { return Ok(()) };
    let mut statement = inspection
        .conn
        .prepare(&format!("SELECT id FROM {table} NOT INDEXED WHERE checksum IS NOT {sum}"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        inspection.found(found(row.get("id")?, "is not as it was written down"));
    }
    Ok(())
}

/// Whoever was erased, by their own row, is in the list of the erased.
fn erased(inspection: &mut Inspection<'_>) -> Result<()> {
    let mut statement = inspection.conn.prepare(
        "SELECT id FROM participant p
         WHERE name_key = '' AND NOT EXISTS (SELECT 1 FROM erased e WHERE e.code = p.code)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let what = "was erased, and is not in the list of the erased";
        inspection.found_in("participant", row.get("id")?, what);
    }
    Ok(())
}
