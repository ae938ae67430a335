//! Extra units: one window of a quota gets more than its limit.

use domain::{extra_units::raised, quota::Quota, time::Timestamp};

use super::book;
use crate::{StoreError, Tx, sql};

/// Adds units to the window that begins at `starts_at`; makes its counter if no node asked for it yet. Returns the window's
/// limit from now on, or none if it would be more than can be counted.
pub(crate) async fn add(tx: &Tx, quota: &Quota, starts_at: Timestamp, units: u64) -> Result<Option<u64>, StoreError> {
    let db = tx.inner();
    let counter = book::of(quota, starts_at);
    book::create(db, &[counter]).await?;
    let text = format!("SELECT units FROM counter WHERE quota = $1 AND starts_at = $2{}", sql::for_update(db));
    let row = sql::row(db, &text, book::key(&counter).into()).await?.ok_or(StoreError::NotFound { what: "quota" })?;
    let Ok(limit) = raised(row.count(0, "counter.units")?, units) else { return Ok(None) };
    let text = "UPDATE counter SET units = $1, peak = CASE WHEN peak > $1 THEN peak ELSE $1 END, extra = extra + $2
        WHERE quota = $3 AND starts_at = $4";
    let [quota, starts_at] = book::key(&counter);
    sql::execute(db, text, vec![sql::int(limit).into(), sql::int(units).into(), quota, starts_at]).await?;
    Ok(Some(limit))
}
