//! Shipping: a cut of a journal arrives, exactly once, as rows of the log and as what leases have spent.
//!
//! PostgreSQL: one transaction. SQLite: two files, each with its own record of the cut, the log's first; sent again
//! after a crash between them, the batch goes only where it has not arrived.

use std::sync::Arc;

use domain::{
    lease::CounterId,
    request_log::{Batch, Close, Row},
};
use sea_orm::{ConnectionTrait, DbBackend, Value};

use super::{
    charge_set, cut,
    row::{self, Shape},
    summary::{CLOSED, Summaries},
    value_use,
};
use crate::{
    Refusal, Store, StoreError, fail_point,
    ledger::{book, node},
    sql::{self, Texts},
};

/// The most rows, and the most closes, of one batch.
pub const MAX_ROWS: usize = 50_000;
/// Rows in one INSERT: 128 × 43 parameters is well inside both databases' limits, and more is not quicker.
const ROWS_AT_ONCE: usize = 128;

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shipped {
    /// It is durable now.
    Now,
    /// It was durable already, and nothing was written.
    Before,
}

/// Takes a batch: rows, closes, and what was spent. Returns when all of it is durable.
///
/// Errors: `Database`: send it again, the same to the byte; `Refused(Fenced)` when the node's life was settled
/// without it; `Refused(NotNext)` when it does not follow what arrived; `Refused(NotOfTheCut)`; `Refused(TooMany)`.
pub async fn ship(store: &Store, batch: &Batch) -> Result<Shipped, StoreError> {
    if store.backend() == DbBackend::Sqlite {
        ship_to_log(store, batch).await?;
        return ship_to_ledger(store, batch).await;
    }
    check(batch)?;
    fail_point::pass("ship:before_log");
    let tx = store.begin_ledger().await?;
    let live = node::is_live(&tx, cut::fence(batch)).await?;
    if !take_cut(&tx, batch, live).await? {
        return Ok(Shipped::Before);
    }
    write_log(&tx, batch).await?;
    write_spent(&tx, batch).await?;
    fail_point::pass("ship:before_commit");
    tx.commit().await?;
    fail_point::pass("ship:after_ledger");
    Ok(Shipped::Now)
}

/// As [`ship`], for a thread that gives way to those that answer calls: what others wait for is done by the runtime's own. That is
/// the ledger, whose one writing connection also writes what revokes a key.
///
/// Errors: as [`ship`].
pub async fn ship_giving_way(store: &Store, batch: Arc<Batch>) -> Result<Shipped, StoreError> {
    let halves = store.backend() == DbBackend::Sqlite;
    if halves {
        ship_to_log(store, &batch).await?;
    }
    let store = store.clone();
    let rest = async move { if halves { ship_to_ledger(&store, &batch).await } else { ship(&store, &batch).await } };
    tokio::spawn(rest).await.expect("shipping does not panic")
}

/// The first half of [`ship`] on SQLite: what `log.db` takes. Open for tests of a crash between the halves.
#[doc(hidden)]
pub async fn ship_to_log(store: &Store, batch: &Batch) -> Result<Shipped, StoreError> {
    check(batch)?;
    let live = node::is_live(&crate::Source::executor(store), cut::fence(batch)).await?;
    fail_point::pass("ship:before_log");
    let tx = store.begin_log().await?;
    if !take_cut(&tx, batch, live).await? {
        return Ok(Shipped::Before);
    }
    write_log(&tx, batch).await?;
    tx.commit().await?;
    fail_point::pass("ship:after_log");
    Ok(Shipped::Now)
}

/// The second half of [`ship`] on SQLite: what `keyward.db` takes.
#[doc(hidden)]
pub async fn ship_to_ledger(store: &Store, batch: &Batch) -> Result<Shipped, StoreError> {
    let tx = store.begin_ledger().await?;
    let live = node::is_live(&tx, cut::fence(batch)).await?;
    if !take_cut(&tx, batch, live).await? {
        return Ok(Shipped::Before);
    }
    write_spent(&tx, batch).await?;
    tx.commit().await?;
    fail_point::pass("ship:after_ledger");
    Ok(Shipped::Now)
}

fn check(batch: &Batch) -> Result<(), Refusal> {
    for (what, given) in [("rows", batch.rows.len()), ("closes", batch.closes.len())] {
        if given > MAX_ROWS {
            return Err(Refusal::TooMany { what, given, limit: MAX_ROWS });
        }
    }
    cut::check(batch)
}

/// Records the cut. A life that is over may only repeat what arrived: its leases are settled.
async fn take_cut(db: &impl ConnectionTrait, batch: &Batch, live: bool) -> Result<bool, StoreError> {
    let new = cut::record(db, batch).await?;
    if new && !live { Err(Refusal::Fenced(cut::fence(batch)).into()) } else { Ok(new) }
}

async fn write_log(db: &impl ConnectionTrait, batch: &Batch) -> Result<(), StoreError> {
    let names = charge_set::Names::of(&batch.rows);
    charge_set::put(db, &names).await?;
    let (plain, other): (Vec<&Row>, Vec<&Row>) = batch.rows.iter().partition(|row| row::is_plain(row));
    insert(db, Shape::Plain, &plain, &names).await?;
    insert(db, Shape::Any, &other, &names).await?;
    let mut summaries = Summaries::default();
    batch.rows.iter().for_each(|one| summaries.add(one, row::api(one)));
    write_closes(db, &batch.closes, &mut summaries).await?;
    value_use::put(db, &batch.rows).await?;
    // Last: all nodes write the same few rows for an account, and one waits for the other until it commits.
    summaries.put(db).await
}

async fn insert(
    db: &impl ConnectionTrait,
    shape: Shape,
    rows: &[&Row],
    names: &charge_set::Names<'_>,
) -> Result<(), StoreError> {
    static PLAIN: Texts = Texts::new(|rows| row::insert_text(Shape::Plain, rows));
    static ANY: Texts = Texts::new(|rows| row::insert_text(Shape::Any, rows));
    let texts = if shape == Shape::Plain { &PLAIN } else { &ANY };
    for chunk in rows.chunks(ROWS_AT_ONCE).flat_map(sql::chunks) {
        let mut values = Vec::with_capacity(chunk.len() * row::WIDTH);
        for one in chunk {
            row::values(one, shape, names.name(one), &mut values);
        }
        sql::execute(db, texts.of(db, chunk.len()), values).await?;
    }
    Ok(())
}

/// Completes rows that were stored open. A row that is gone (deleted by age) stays gone.
async fn write_closes(
    db: &impl ConnectionTrait,
    closes: &[Close],
    summaries: &mut Summaries,
) -> Result<(), StoreError> {
    const WIDTH: usize = 17;
    static UPDATE: Texts = Texts::new(|rows| {
        format!(
            "UPDATE request_log SET state = done.column5, denial = coalesce(done.column6, denial),
                outcome = done.column7, status = done.column8, rpc_error = done.column9,
                refund_requests = done.column10, refund_credits = done.column11, latency = done.column12,
                upstream_latency = done.column13, attempts = done.column14, upstream = done.column15,
                bytes_in = done.column16, bytes_out = done.column17
             FROM (VALUES {}) AS done
             WHERE node = done.column1 AND epoch = done.column2 AND ring = done.column3 AND seq = done.column4
             RETURNING {CLOSED}",
            sql::tuples(1, rows, WIDTH)
        )
    });
    for chunk in sql::chunks(closes) {
        let mut values = Vec::with_capacity(chunk.len() * WIDTH);
        for close in chunk {
            row::close_values(close, &mut values);
        }
        for closed in sql::rows(db, UPDATE.of(db, chunk.len()), values).await? {
            summaries.end(&closed)?;
        }
    }
    Ok(())
}

/// Adds what was spent to the node's leases. Where there is no lease (a store that was restored from an old copy), one
/// without units is made: the spending is not lost, shipping goes on, and the audit finds it.
async fn write_spent(db: &impl ConnectionTrait, batch: &Batch) -> Result<(), StoreError> {
    let spent: Vec<(CounterId, i64)> = batch.spent();
    for chunk in sql::chunks(&spent) {
        let text = format!(
            "INSERT INTO lease (quota, starts_at, node, epoch, granted, returned, spent, closed) VALUES {}
             ON CONFLICT (quota, starts_at, node, epoch) DO UPDATE SET spent = lease.spent + excluded.spent",
            sql::tuples(1, chunk.len(), 8)
        );
        let row = |(counter, amount): &(CounterId, i64)| -> [Value; 8] {
            let [quota, starts_at] = book::key(counter);
            let (node, epoch) = (batch.node.into(), i64::from(batch.epoch).into());
            [quota, starts_at, node, epoch, 0i64.into(), 0i64.into(), (*amount).into(), false.into()]
        };
        sql::execute(db, &text, chunk.iter().flat_map(row).collect()).await?;
    }
    Ok(())
}
