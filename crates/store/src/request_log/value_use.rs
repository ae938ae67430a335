//! How values are used: when last, from where and with which program. Written by the batch that brings the rows, so that who still
//! calls with a value that another replaced is told by a short walk through an index, however long the log is.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    net::IpAddr,
};

use domain::{id::ValueId, request_log::Row, time::Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, Value};

use super::row;
use crate::{Store, StoreError, sql};

/// The most callers of one value that are told; of more those who called last.
pub const MAX_CALLERS: usize = 20;
/// The most callers of one value that one batch brings; of more those who called last. Who calls with ever other names makes no
/// more work than this.
const MAX_NEW: usize = 64;

/// The newest call of one caller with a value, whatever its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueUse {
    /// From where, if it is known.
    pub address: Option<String>,
    /// How the program calls itself, if it does.
    pub agent: Option<String>,
    /// When.
    pub last: Timestamp,
}

/// The newest call with each of these values; one that was never used is left out.
pub async fn last_used_values(store: &Store, values: &[ValueId]) -> Result<HashMap<ValueId, ValueUse>, StoreError> {
    let mut found = HashMap::with_capacity(values.len());
    for chunk in sql::chunks(values) {
        let asked = chunk.iter().map(|value| sql::uuid(*value).into()).collect();
        for row in sql::rows(store.log_reader(), &last_text(store.backend(), chunk.len()), asked).await? {
            found.insert(row.id(3)?, of_row(&row)?);
        }
    }
    Ok(found)
}

/// The query of [`last_used_values`] for so many values, in the words of each database as that of `last_use`.
pub(super) fn last_text(backend: DbBackend, values: usize) -> String {
    let wanted = format!("(VALUES {}) AS wanted", sql::tuples(1, values, 1));
    let newest = "FROM value_use WHERE \"value\" = wanted.column1 ORDER BY last DESC, address DESC, agent DESC LIMIT 1";
    match backend {
        DbBackend::Postgres => format!(
            "SELECT used.address, used.agent, used.last, used.\"value\"
             FROM {wanted} CROSS JOIN LATERAL (SELECT address, agent, last, \"value\" {newest}) AS used"
        ),
        _ => format!(
            "SELECT used.address, used.agent, used.last, used.\"value\" FROM {wanted}
             JOIN value_use AS used ON (used.\"value\", used.address, used.agent) = (SELECT \"value\", address, agent {newest})"
        ),
    }
}

/// Who called with a value at a moment or later, newest first: at most one more than [`MAX_CALLERS`].
pub async fn callers_since(store: &Store, value: ValueId, since: Timestamp) -> Result<Vec<ValueUse>, StoreError> {
    let values = vec![sql::uuid(value).into(), since.micros().into()];
    sql::rows(store.log_reader(), &callers_text(), values).await?.iter().map(of_row).collect()
}

/// The query of [`callers_since`].
pub(super) fn callers_text() -> String {
    format!(
        "SELECT address, agent, last FROM value_use WHERE \"value\" = $1 AND last >= $2 ORDER BY last DESC LIMIT {}",
        MAX_CALLERS + 1
    )
}

/// Writes who called with which value in these rows, which are stored now.
pub(super) async fn put(db: &impl ConnectionTrait, rows: &[Row]) -> Result<(), StoreError> {
    let uses = newest(rows);
    for chunk in sql::chunks(&uses) {
        let text = format!(
            "INSERT INTO value_use (\"value\", address, agent, last) VALUES {}
             ON CONFLICT (\"value\", address, agent) DO UPDATE SET last = excluded.last
             WHERE excluded.last > value_use.last",
            sql::tuples(1, chunk.len(), 4)
        );
        let values = |(value, caller, last): &NewUse| -> [Value; 4] {
            let address = caller.0.map(|address| address.to_string()).unwrap_or_default();
            [sql::uuid(*value).into(), address.into(), caller.1.as_str().into(), (*last).into()]
        };
        sql::execute(db, &text, chunk.iter().flat_map(values).collect()).await?;
    }
    Ok(())
}

/// An address and a program's name; an empty one where the call told none.
type Caller = (Option<IpAddr>, String);
/// The newest call of a caller with a value.
type NewUse = (ValueId, Caller, i64);

/// The newest call of each caller with each value; of too many callers with one value those who called last.
fn newest(rows: &[Row]) -> Vec<NewUse> {
    let mut by_value: HashMap<ValueId, BTreeMap<Caller, i64>> = HashMap::new();
    for row in rows {
        let callers = by_value.entry(row.value).or_default();
        let last = callers.entry((row.address, row::agent(row).unwrap_or_default())).or_insert(i64::MIN);
        *last = (*last).max(row.time.micros());
    }
    let of_value = |(value, callers): (ValueId, BTreeMap<Caller, i64>)| {
        let mut uses: Vec<NewUse> = callers.into_iter().map(|(caller, last)| (value, caller, last)).collect();
        uses.sort_by_key(|(_, _, last)| Reverse(*last));
        uses.truncate(MAX_NEW);
        uses
    };
    let mut uses: Vec<NewUse> = by_value.into_iter().flat_map(of_value).collect();
    // Rows are locked in one order, whoever ships.
    uses.sort_unstable();
    uses
}

fn of_row(row: &sql::Columns) -> Result<ValueUse, StoreError> {
    let text = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(ValueUse { address: text(row.get(0)?), agent: text(row.get(1)?), last: row.moment(2)? })
}
