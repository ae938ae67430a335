//! The rows of counters and leases that one transaction works on: loaded with their locks, decided on, written back.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    lease::{Counter, CounterId, Fence, Lease},
    quota::Quota,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, Value};

use crate::{StoreError, sql};

/// A counter and the lease that one life of a node has on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// The counter.
    pub(crate) counter: Counter,
    /// The lease; all zero where there is none yet.
    pub(crate) lease: Lease,
    /// Whether the rows must be written.
    pub(crate) written: bool,
}

/// The rows by counter.
pub(crate) type Book = BTreeMap<CounterId, Page>;

/// Loads the counters that are there, with the leases of one life of a node. Nobody else changes them until the
/// transaction ends.
pub(crate) async fn load(
    db: &impl ConnectionTrait,
    fence: Fence,
    counters: &BTreeSet<CounterId>,
) -> Result<Book, StoreError> {
    let mut book = Book::new();
    let sorted: Vec<CounterId> = counters.iter().copied().collect();
    for chunk in sql::chunks(&sorted) {
        let wanted = sql::tuples(1, chunk.len(), 2);
        let lock = if sql::for_update(db).is_empty() { "" } else { " FOR UPDATE OF counter" };
        let text = format!(
            "SELECT counter.quota, counter.starts_at, counter.units, counter.granted
             FROM (VALUES {wanted}) AS wanted
             JOIN counter ON counter.quota = wanted.column1 AND counter.starts_at = wanted.column2
             ORDER BY counter.quota, counter.starts_at{lock}"
        );
        for row in sql::rows(db, &text, chunk.iter().flat_map(key).collect()).await? {
            let counter = Counter { limit: row.count(2, "counter.units")?, granted: row.count(3, "counter.granted")? };
            book.insert(counter_id(&row)?, Page { counter, lease: Lease::default(), written: false });
        }
        load_leases(db, fence, chunk, &mut book).await?;
    }
    Ok(book)
}

/// Makes the counters that no node asked for before, with their quotas' limits. Waits for whoever changes a quota.
pub(crate) async fn create(db: &impl ConnectionTrait, counters: &[CounterId]) -> Result<(), StoreError> {
    for chunk in sql::chunks(counters) {
        let wanted = sql::tuples(1, chunk.len(), 2);
        let lock = if sql::for_share(db).is_empty() { "" } else { " FOR SHARE OF quota" };
        // Read again, under the lock: a limit that was raised since must not be missed by this window.
        let text = format!(
            "SELECT quota.id, wanted.column2, quota.units
             FROM (VALUES {wanted}) AS wanted JOIN quota ON quota.id = wanted.column1
             ORDER BY quota.id, wanted.column2{lock}"
        );
        let found = sql::rows(db, &text, chunk.iter().flat_map(key).collect()).await?;
        let mut values: Vec<Value> = Vec::with_capacity(found.len() * 5);
        for row in &found {
            let (quota, starts_at, units): (uuid::Uuid, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            values.extend([quota.into(), starts_at.into(), units.into(), units.into(), 0i64.into()]);
        }
        if !found.is_empty() {
            let text = format!(
                "INSERT INTO counter (quota, starts_at, units, peak, granted) VALUES {}
                 ON CONFLICT (quota, starts_at) DO NOTHING",
                sql::tuples(1, found.len(), 5)
            );
            sql::execute(db, &text, values).await?;
        }
    }
    Ok(())
}

/// Writes the pages that say so. Of a lease, only what grants and returns change: shipping adds to `spent` meanwhile.
pub(crate) async fn write(db: &impl ConnectionTrait, fence: Fence, book: &Book) -> Result<(), StoreError> {
    let pages: Vec<(&CounterId, &Page)> = book.iter().filter(|(_, page)| page.written).collect();
    for chunk in sql::chunks(&pages) {
        let text = format!(
            "UPDATE counter SET granted = changed.column3 FROM (VALUES {}) AS changed
             WHERE counter.quota = changed.column1 AND counter.starts_at = changed.column2",
            sql::tuples(1, chunk.len(), 3)
        );
        let row = |(counter, page): &(&CounterId, &Page)| {
            let [quota, starts_at] = key(counter);
            [quota, starts_at, sql::int(page.counter.granted).into()]
        };
        sql::execute(db, &text, chunk.iter().flat_map(row).collect()).await?;

        let text = format!(
            "INSERT INTO lease (quota, starts_at, node, epoch, granted, returned, spent, closed) VALUES {}
             ON CONFLICT (quota, starts_at, node, epoch) DO UPDATE
             SET granted = excluded.granted, returned = excluded.returned, closed = excluded.closed",
            sql::tuples(1, chunk.len(), 8)
        );
        let row = |(counter, page): &(&CounterId, &Page)| {
            let [quota, starts_at] = key(counter);
            let Lease { granted, returned, spent, closed } = page.lease;
            let figures = [granted, returned, spent].map(|figure| Value::from(sql::int(figure)));
            [quota, starts_at, fence.node.0.into(), i64::from(fence.epoch).into()]
                .into_iter()
                .chain(figures)
                .chain([closed.into()])
        };
        sql::execute(db, &text, chunk.iter().flat_map(row).collect()).await?;
    }
    Ok(())
}

/// A counter as two bound values.
pub(crate) fn key(counter: &CounterId) -> [Value; 2] {
    [sql::uuid(counter.quota).into(), counter.window.micros().into()]
}

/// A counter from the first two columns.
pub(crate) fn counter_id(row: &sql::Columns) -> Result<CounterId, StoreError> {
    Ok(CounterId { quota: row.id(0)?, window: row.moment(1)? })
}

/// A lease from four columns: granted, returned, spent, closed. A negative `spent` counts as nothing; the audit tells.
pub(crate) fn lease(row: &sql::Columns, first: usize) -> Result<Lease, StoreError> {
    Ok(Lease {
        granted: row.count(first, "lease.granted")?,
        returned: row.count(first + 1, "lease.returned")?,
        spent: row.get::<i64>(first + 2)?.max(0) as u64,
        closed: row.get(first + 3)?,
    })
}

async fn load_leases(
    db: &impl ConnectionTrait,
    fence: Fence,
    counters: &[CounterId],
    book: &mut Book,
) -> Result<(), StoreError> {
    let text = format!(
        "SELECT lease.quota, lease.starts_at, lease.granted, lease.returned, lease.spent, lease.closed
         FROM (VALUES {}) AS wanted
         JOIN lease ON lease.quota = wanted.column1 AND lease.starts_at = wanted.column2
          AND lease.node = ${} AND lease.epoch = ${}",
        sql::tuples(1, counters.len(), 2),
        counters.len() * 2 + 1,
        counters.len() * 2 + 2
    );
    let who: [Value; 2] = [fence.node.0.into(), i64::from(fence.epoch).into()];
    let values = counters.iter().flat_map(key).chain(who).collect();
    for row in sql::rows(db, &text, values).await? {
        if let Some(page) = book.get_mut(&counter_id(&row)?) {
            page.lease = lease(&row, 2)?;
        }
    }
    Ok(())
}

/// The counter of a quota whose window begins at `starts_at`.
pub(crate) fn of(quota: &Quota, starts_at: Timestamp) -> CounterId {
    CounterId { quota: quota.id, window: starts_at }
}
