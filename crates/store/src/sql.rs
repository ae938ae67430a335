//! Plain SQL for ledger, log and audit: one text for both databases, with `$1` placeholders.
//!
//! Lists of rows are bound as `VALUES ($1,$2),($3,$4)`; both databases name the columns of such a list `column1`,
//! `column2`… Chunks have few sizes, so that few statements are prepared.

use std::{str::FromStr, sync::OnceLock};

use domain::{
    id::{Id, Noun},
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TryGetable, Value};
use uuid::Uuid;

use crate::StoreError;

pub(crate) mod packed;

/// Rows bound to one statement, a power of two. With the widest list here (17 columns) this is under SQLite's 32,766
/// parameters and PostgreSQL's 65,535.
pub(crate) const CHUNK: usize = 256;
/// How many lengths chunks have: the powers of two up to [`CHUNK`].
const LENGTHS: usize = CHUNK.ilog2() as usize + 1;

/// Runs a statement; returns how many rows it changed.
pub(crate) async fn execute(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
    Ok(db.execute_raw(statement(db, sql, values)).await?.rows_affected())
}

/// Runs a query that has at most one row.
pub(crate) async fn row(
    db: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<Columns>, StoreError> {
    Ok(db.query_one_raw(statement(db, sql, values)).await?.map(Columns))
}

/// Runs a query.
pub(crate) async fn rows(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Vec<Columns>, StoreError> {
    Ok(db.query_all_raw(statement(db, sql, values)).await?.into_iter().map(Columns).collect())
}

/// Hex digits of an id.
pub(crate) const ID_DIGITS: usize = 32;

/// An id of a packed row.
pub(crate) fn id_in_hex(text: &str, what: &'static str) -> Result<Uuid, StoreError> {
    Uuid::try_parse(text).map_err(|_| StoreError::Corrupt { what })
}

/// Ids of a packed row, one after the other.
pub(crate) fn ids_in_hex<const N: usize>(text: &str, what: &'static str) -> Result<[Uuid; N], StoreError> {
    let corrupt = || StoreError::Corrupt { what };
    if text.len() != N * ID_DIGITS {
        return Err(corrupt());
    }
    let mut ids = [Uuid::nil(); N];
    for (place, id) in ids.iter_mut().enumerate() {
        let digits = text.get(place * ID_DIGITS..(place + 1) * ID_DIGITS).ok_or_else(corrupt)?;
        *id = id_in_hex(digits, what)?;
    }
    Ok(ids)
}

/// Bytes of a packed row; none where there are no digits.
pub(crate) fn bytes_in_hex(text: &str, what: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
    if text.is_empty() { Ok(None) } else { hex::decode(text).map(Some).map_err(|_| StoreError::Corrupt { what }) }
}

/// `($1,$2),($3,$4)…`: placeholders for so many rows, numbered from `first`.
pub(crate) fn tuples(first: usize, rows: usize, width: usize) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(rows * width * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..width {
            let comma = if column == 0 { "" } else { "," };
            write!(text, "{comma}${}", first + row * width + column).expect("a string takes everything");
        }
        text.push(')');
    }
    text
}

/// Splits a list into runs of [`CHUNK`] and then of falling powers of two: at most nine sizes ever occur.
pub(crate) fn chunks<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = match items.len() {
            0 => return None,
            length if length >= CHUNK => CHUNK,
            length => 1 << length.ilog2(),
        };
        let (chunk, rest) = items.split_at(length);
        items = rest;
        Some(chunk)
    })
}

/// The texts of one statement, for each length of a chunk and each database, written at their first use: to write the
/// placeholders of a long list takes longer than to bind its values.
pub(crate) struct Texts {
    write: fn(usize) -> String,
    /// Those of PostgreSQL, then those of SQLite.
    written: [[OnceLock<String>; LENGTHS]; 2],
}

impl Texts {
    /// `write` makes the text for so many rows, with placeholders from `$1` on.
    pub(crate) const fn new(write: fn(usize) -> String) -> Self {
        Texts { write, written: [const { [const { OnceLock::new() }; LENGTHS] }; 2] }
    }

    /// The text for a chunk of this length.
    pub(crate) fn of(&self, db: &impl ConnectionTrait, rows: usize) -> &str {
        debug_assert!(rows.is_power_of_two() && rows <= CHUNK, "chunks have these lengths only");
        let is_sqlite = db.get_database_backend() == DbBackend::Sqlite;
        self.written[usize::from(is_sqlite)][rows.ilog2() as usize].get_or_init(|| {
            let text = (self.write)(rows);
            if is_sqlite { without_names(&text).unwrap_or(text) } else { text }
        })
    }
}

/// What a read must end with so that nobody else changes these rows until the transaction ends. SQLite has one writer
/// at a time and no such words.
pub(crate) fn for_update(db: &impl ConnectionTrait) -> &'static str {
    if db.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" }
}

/// Like [`for_update`], but others may hold the same.
pub(crate) fn for_share(db: &impl ConnectionTrait) -> &'static str {
    if db.get_database_backend() == DbBackend::Postgres { " FOR SHARE" } else { "" }
}

/// The columns of one row, read by their place.
pub(crate) struct Columns(QueryResult);

impl Columns {
    /// The column as the database's type.
    pub(crate) fn get<T: TryGetable>(&self, place: usize) -> Result<T, StoreError> {
        Ok(self.0.try_get_by_index(place)?)
    }

    /// A figure that is never negative.
    pub(crate) fn count(&self, place: usize, what: &'static str) -> Result<u64, StoreError> {
        u64::try_from(self.get::<i64>(place)?).map_err(|_| StoreError::Corrupt { what })
    }

    /// A figure that fits its type.
    pub(crate) fn small<T: TryFrom<i64>>(&self, place: usize, what: &'static str) -> Result<T, StoreError> {
        T::try_from(self.get::<i64>(place)?).map_err(|_| StoreError::Corrupt { what })
    }

    /// An identifier.
    pub(crate) fn id<N: Noun>(&self, place: usize) -> Result<Id<N>, StoreError> {
        Ok(id(self.get(place)?))
    }

    /// A moment.
    pub(crate) fn moment(&self, place: usize) -> Result<Timestamp, StoreError> {
        Ok(Timestamp::from_micros(self.get(place)?))
    }

    /// A moment that may be missing.
    pub(crate) fn moment_if_any(&self, place: usize) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.get::<Option<i64>>(place)?.map(Timestamp::from_micros))
    }

    /// A word or name in its checked form.
    pub(crate) fn word<T: FromStr>(&self, place: usize, what: &'static str) -> Result<T, StoreError> {
        word(&self.get::<String>(place)?, what)
    }
}

/// A stored text in its checked form.
pub(crate) fn word<T: FromStr>(text: &str, what: &'static str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt { what })
}

/// How an identifier is stored: `uuid` in PostgreSQL, 16 bytes in SQLite.
pub(crate) fn uuid<N: Noun>(id: Id<N>) -> Uuid {
    Uuid::from_u128(id.as_u128())
}

/// A stored identifier.
pub(crate) fn id<N: Noun>(stored: Uuid) -> Id<N> {
    Id::from_u128(stored.as_u128())
}

fn statement(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    let backend = db.get_database_backend();
    let unnamed = if backend == DbBackend::Sqlite { without_names(sql) } else { None };
    Statement::from_sql_and_values(backend, unnamed.unwrap_or_else(|| sql.to_owned()), values)
}

/// The text with `?` for `$1`, `$2`… where these stand in order; otherwise none. SQLite keeps the names of parameters
/// in a list that it walks for each of them: 5,000 named ones take 50 ms, unnamed ones 1 ms.
fn without_names(sql: &str) -> Option<String> {
    let mut parts = sql.split('$');
    let mut text = String::with_capacity(sql.len());
    text.push_str(parts.next()?);
    for (before, part) in parts.enumerate() {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        if number.parse() != Ok(before + 1) {
            return None;
        }
        text.push('?');
        text.push_str(rest);
    }
    Some(text)
}

/// How a figure is stored; what is beyond 63 bits is stored as the largest.
pub(crate) fn int(figure: u64) -> i64 {
    i64::try_from(figure).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(tuples(1, 1, 2), "($1,$2)");
        assert_eq!(tuples(3, 2, 3), "($3,$4,$5),($6,$7,$8)");
    }

    #[test]
    fn names_are_left_out_where_the_order_says_the_same() {
        let cases = [
            ("SELECT 1", Some("SELECT 1")),
            ("a = $1 AND b = $2", Some("a = ? AND b = ?")),
            ("($1,$2),($3,$4)", Some("(?,?),(?,?)")),
            ("a = $1 OR b = $1", None),
            ("a = $2 AND b = $1", None),
            ("a = $10", None),
            ("price in $", None),
        ];
        for (sql, expected) in cases {
            assert_eq!(without_names(sql).as_deref(), expected, "{sql}");
        }
    }

    #[test]
    fn chunks_cover_all_in_order_with_few_sizes() {
        for length in [0, 1, 2, 3, 255, 256, 257, 1_000] {
            let items: Vec<usize> = (0..length).collect();
            let parts: Vec<&[usize]> = chunks(&items).collect();
            assert_eq!(parts.concat(), items);
            assert!(parts.iter().all(|part| part.len().is_power_of_two() && part.len() <= CHUNK));
        }
    }
}
