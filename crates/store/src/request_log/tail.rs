//! The log as it arrives, for who follows it.
//!
//! Rows arrive late and out of the order of their times: each journal ships its own cuts, and long calls come after
//! short ones. A cursor by time would miss some. This one remembers how far it read each journal, as shipping does.

use std::collections::BTreeMap;

use domain::request_log::Row;
use sea_orm::Value;

use super::{list, row};
use crate::{Store, StoreError, sql};

/// How far each journal was read: (node, epoch, ring) and its last record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TailCursor(BTreeMap<(i64, i64, i64), i64>);

/// A cursor behind everything that has arrived. The empty one (`default`) is before everything.
pub async fn tail_from_now(store: &Store) -> Result<TailCursor, StoreError> {
    Ok(TailCursor(watermarks(store).await?))
}

/// At most `limit` rows that arrived behind the cursor, by time, and the cursor behind them. None: there is nothing
/// new; ask again later. A row that was open when it was read does not come again when it is closed.
pub async fn tail(store: &Store, cursor: &mut TailCursor, limit: u32) -> Result<Vec<Row>, StoreError> {
    let db = store.log_reader();
    let mut rows = Vec::new();
    for (ring, hi) in watermarks(store).await? {
        let seen = cursor.0.get(&ring).copied();
        let room = i64::from(limit) - rows.len() as i64;
        if seen >= Some(hi) || room <= 0 {
            continue;
        }
        let text = format!(
            "SELECT {} FROM request_log WHERE node = $1 AND epoch = $2 AND ring = $3 AND seq > $4 AND seq <= $5
             ORDER BY seq LIMIT $6",
            row::COLUMNS
        );
        let (node, epoch, number) = ring;
        let values = [node, epoch, number, seen.unwrap_or(-1), hi, room].map(Value::from);
        let found = list::whole(db, &sql::rows(db, &text, values.into()).await?).await?;
        // A full page may have left some behind; otherwise all up to the watermark was read.
        let full = found.len() as i64 == room;
        let reached = if full { found.last().map_or(hi, |row| sql::int(row.place.seq)) } else { hi };
        cursor.0.insert(ring, reached);
        rows.extend(found);
    }
    rows.sort_by_key(|row: &Row| (row.time, row.place));
    Ok(rows)
}

async fn watermarks(store: &Store) -> Result<BTreeMap<(i64, i64, i64), i64>, StoreError> {
    let rows = sql::rows(store.log_reader(), "SELECT node, epoch, ring, hi FROM ring", vec![]).await?;
    rows.iter().map(|row| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?))).collect()
}
