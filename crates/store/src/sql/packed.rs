//! Rows packed by the database into one text, for reading very many: a row that is handed from SQLite's thread to ours costs more
//! than all that is in it.

use sea_orm::{ConnectionTrait, DbBackend, Value};
use serde::Deserialize;
use uuid::Uuid;

use super::row;
use crate::StoreError;

/// Rows of one page.
pub(crate) const PAGE: u32 = 5_000;

/// A column of packed rows. A null stays null.
pub(crate) enum Packed {
    /// A number or a text, as it is.
    Plain(&'static str),
    /// These, one after the other, in hex; a null has no bytes.
    Hex(&'static [Part]),
}

/// What is told as bytes.
pub(crate) enum Part {
    /// An id: 16 bytes.
    Id(&'static str),
    /// Bytes.
    Bytes(&'static str),
}

/// What is read of the rows of a table. Each becomes a JSON array of the usual columns, and those that have more an array of the
/// further ones at its end: most rows have nothing but the usual.
pub(crate) struct Shape {
    /// The table, as SQL names it.
    pub table: &'static str,
    /// What is told of each row.
    pub usual: &'static [Packed],
    /// What is told of those that have it.
    pub further: &'static [Packed],
    /// The condition that a row has none of the further.
    pub is_usual: &'static str,
}

impl Shape {
    /// The expression for all rows that a query finds: a JSON array.
    fn expression(&self, backend: DbBackend) -> String {
        let list = |columns: &[Packed]| columns.iter().map(|column| column.text(backend)).collect::<Vec<_>>().join(",");
        let (usual, further, is_usual) = (list(self.usual), list(self.further), self.is_usual);
        let (array, all) = match backend {
            DbBackend::Sqlite => ("json_array", "json_group_array"),
            _ => ("json_build_array", "json_agg"),
        };
        let row = match self.further {
            [] => format!("{array}({usual})"),
            _ => format!("CASE WHEN {is_usual} THEN {array}({usual}) ELSE {array}({usual}, {array}({further})) END"),
        };
        match backend {
            DbBackend::Sqlite => format!("{all}({row})"),
            _ => format!("coalesce({all}({row}), '[]')::text"),
        }
    }
}

impl Packed {
    fn text(&self, backend: DbBackend) -> String {
        let parts = match self {
            Packed::Plain(name) => return (*name).to_owned(),
            Packed::Hex(parts) => parts,
        };
        let part = |part: &Part| match (part, backend) {
            // SQLite joins bytes as if they were text, byte by byte, and `hex` takes text for bytes again.
            (Part::Id(name) | Part::Bytes(name), DbBackend::Sqlite) => format!("coalesce({name},'')"),
            (Part::Id(name), _) => format!("coalesce(uuid_send({name}),'')"),
            (Part::Bytes(name), _) => format!("coalesce({name},'')"),
        };
        let joined = parts.iter().map(part).collect::<Vec<_>>().join("||");
        match backend {
            DbBackend::Sqlite => format!("hex({joined})"),
            _ => format!("encode({joined},'hex')"),
        }
    }
}

/// Packs those rows of a table for which the condition is true.
pub(crate) async fn packed(
    db: &impl ConnectionTrait,
    shape: &Shape,
    condition: &str,
    values: Vec<Value>,
) -> Result<String, StoreError> {
    let expression = shape.expression(db.get_database_backend());
    let text = format!("SELECT {expression} FROM {} WHERE {condition}", shape.table);
    row(db, &text, values).await?.map_or(Ok("[]".to_owned()), |packed| packed.get(0))
}

/// The rows of what was packed.
pub(crate) fn unpacked<'t, T: Deserialize<'t>>(packed: &'t str, what: &'static str) -> Result<Vec<T>, StoreError> {
    serde_json::from_str(packed).map_err(|_| StoreError::Corrupt { what })
}

/// All rows of a table for which a condition is true, page by page, in the order in which the database finds them quickest.
///
/// That is the order of ids in PostgreSQL. SQLite reads its file from front to back: ids that were made in one moment are in no
/// order, and in theirs nearly each row would be on another page of the file. So it needs a transaction, and tables with a row number.
pub(crate) struct Pages<'a, C> {
    db: &'a C,
    text: String,
    place: Place,
}

/// Where the next page begins.
enum Place {
    /// Behind this number of a row; the last number.
    Number(i64, i64),
    /// Behind this id.
    Id(Uuid),
}

impl<'a, C: ConnectionTrait> Pages<'a, C> {
    /// Those rows for which `condition` is true.
    pub(crate) async fn of(db: &'a C, shape: &Shape, condition: &str) -> Result<Self, StoreError> {
        let (table, expression) = (shape.table, shape.expression(db.get_database_backend()));
        if db.get_database_backend() == DbBackend::Sqlite {
            let last = row(db, &format!("SELECT max(rowid) FROM {table}"), vec![]).await?;
            let last: Option<i64> = last.map_or(Ok(None), |row| row.get(0))?;
            return Ok(Pages {
                db,
                text: by_number(table, &expression, condition),
                place: Place::Number(0, last.unwrap_or(0)),
            });
        }
        Ok(Pages { db, text: by_id(table, &expression, condition), place: Place::Id(Uuid::nil()) })
    }

    /// Hands over each page. While one is worked on, the database packs the next.
    pub(crate) async fn each(mut self, mut take: impl FnMut(&str) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut page = self.next().await?;
        while let Some(rows) = page {
            // The question is sent first: what is polled second does not pause.
            (page, ()) = tokio::try_join!(biased; self.next(), async { take(&rows) })?;
        }
        Ok(())
    }

    async fn next(&mut self) -> Result<Option<String>, StoreError> {
        match self.place {
            Place::Number(after, last) if after >= last => Ok(None),
            Place::Number(after, last) => {
                let reached = after.saturating_add(i64::from(PAGE));
                self.place = Place::Number(reached, last);
                row(self.db, &self.text, vec![after.into(), reached.into()]).await?.map(|row| row.get(0)).transpose()
            }
            Place::Id(after) => {
                let Some(row) = row(self.db, &self.text, vec![after.into()]).await? else { return Ok(None) };
                let Some(reached) = row.get::<Option<String>>(1)? else { return Ok(None) };
                self.place = Place::Id(super::id_in_hex(&reached, "id")?);
                Ok(Some(row.get(0)?))
            }
        }
    }
}

/// SQLite's query for a page. An index would lead away from the order of the file.
fn by_number(table: &str, expression: &str, condition: &str) -> String {
    format!("SELECT {expression} FROM {table} NOT INDEXED WHERE rowid > $1 AND rowid <= $2 AND {condition}")
}

/// PostgreSQL's, with the last id. It has no greatest of ids, but their texts have their order.
fn by_id(table: &str, expression: &str, condition: &str) -> String {
    format!(
        "SELECT {expression}, max(id::text COLLATE \"C\")
         FROM (SELECT * FROM {table} WHERE id > $1 AND {condition} ORDER BY id LIMIT {PAGE}) AS page"
    )
}

#[cfg(test)]
mod tests;
