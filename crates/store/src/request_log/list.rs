//! Listing rows, newest first, page by page.

use std::collections::BTreeSet;

use domain::request_log::Row;
use sea_orm::{ConnectionTrait, Value};

use super::{charge_set, filter::Filter, row};
use crate::{Store, StoreError, sql};

/// The rows that the filter means, newest first; the next page begins at the [`super::Cursor`] of the last one.
pub async fn list(store: &Store, filter: &Filter) -> Result<Vec<Row>, StoreError> {
    let (text, values) = text(filter);
    let db = store.log_reader();
    whole(db, &sql::rows(db, &text, values).await?).await
}

/// The query of [`list`].
pub(super) fn text(filter: &Filter) -> (String, Vec<Value>) {
    let (condition, values) = filter.condition();
    let text = format!(
        "SELECT {} FROM request_log WHERE {condition}
         ORDER BY time DESC, node DESC, epoch DESC, ring DESC, seq DESC LIMIT {}",
        row::COLUMNS,
        filter.page()
    );
    (text, values)
}

/// Rows with the counters they were charged on.
pub(super) async fn whole(db: &impl ConnectionTrait, found: &[sql::Columns]) -> Result<Vec<Row>, StoreError> {
    let rows: Vec<(Row, Option<i64>)> = found.iter().map(row::read).collect::<Result<_, _>>()?;
    let names: BTreeSet<i64> = rows.iter().filter_map(|(_, name)| *name).collect();
    let sets = charge_set::load(db, &names).await?;
    let with_counters = |(mut row, name): (Row, Option<i64>)| {
        row.counted = name.and_then(|name| sets.get(&name)).cloned().unwrap_or_default();
        row
    };
    Ok(rows.into_iter().map(with_counters).collect())
}
