//! Grants and returns: a node draws units ahead, and gives back what it does not need.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    id::QuotaId,
    lease::{self, Answer, Ask, CounterId, Fence},
    quota::Quota,
    time::{SECOND, Timestamp},
};
use sea_orm::ConnectionTrait;

use super::{book, node};
use crate::{Refusal, Store, StoreError, fail_point, sql};

/// The most asks or returns in one bundle.
pub const MAX_ASKS: usize = 4_096;
/// How long before a window begins its units can be drawn, in microseconds.
pub const PREFETCH: i64 = 60 * SECOND;

/// Answers a bundle of asks in one transaction, in their order. The asks are independent: each gets what it can.
///
/// An ask is idempotent by `known`: asked again after a lost answer it gives nothing new. `Refused` are asks of a life
/// that is over, of a quota that is gone, and of a window that is neither the running one nor the next within
/// [`PREFETCH`].
///
/// Errors: `Database`, after which nothing or everything was granted: ask again with the same `known`.
pub async fn grant(store: &Store, fence: Fence, now: Timestamp, asks: &[Ask]) -> Result<Vec<Answer>, StoreError> {
    refuse_too_many(asks.len())?;
    match attempt(store, fence, now, asks, false).await? {
        Attempt::Answered(answers) => return Ok(answers),
        Attempt::Missing(counters) => {
            // In a transaction of its own: counters are locked in the order of their ids, and whoever already holds
            // some of them could not lock a new one in its place.
            let tx = store.begin_ledger().await?;
            book::create(&tx, &counters).await?;
            tx.commit().await?;
        }
    }
    match attempt(store, fence, now, asks, true).await? {
        Attempt::Answered(answers) => Ok(answers),
        Attempt::Missing(_) => Err(StoreError::Corrupt { what: "counter" }),
    }
}

enum Attempt {
    Answered(Vec<Answer>),
    /// These counters have to be made first.
    Missing(Vec<CounterId>),
}

/// One transaction. The `last` attempt refuses what is missing still: the quota was dropped meanwhile.
async fn attempt(store: &Store, fence: Fence, now: Timestamp, asks: &[Ask], last: bool) -> Result<Attempt, StoreError> {
    let tx = store.begin_ledger().await?;
    if !node::is_live(&tx, fence).await? {
        return Ok(Attempt::Answered(vec![Answer::Refused; asks.len()]));
    }
    let open = open_counters(&tx, asks, now).await?;
    let mut book = book::load(&tx, fence, &open).await?;
    if !last && book.len() < open.len() {
        return Ok(Attempt::Missing(open.into_iter().filter(|counter| !book.contains_key(counter)).collect()));
    }
    let answers = asks.iter().map(|ask| answer(&mut book, ask)).collect();
    book::write(&tx, fence, &book).await?;
    fail_point::pass("grant:before_commit");
    tx.commit().await?;
    fail_point::pass("grant:after_commit");
    Ok(Attempt::Answered(answers))
}

/// Takes units back. Each figure is all that the node ever gave back on its lease of that counter, so that a repeated
/// message changes nothing.
///
/// Errors: `Refused(Fenced)` when this life of the node is over: settling gave the units back.
pub async fn take_back(store: &Store, fence: Fence, returned: &[(CounterId, u64)]) -> Result<(), StoreError> {
    refuse_too_many(returned.len())?;
    let tx = store.begin_ledger().await?;
    if !node::is_live(&tx, fence).await? {
        return Err(Refusal::Fenced(fence).into());
    }
    let mut book = book::load(&tx, fence, &returned.iter().map(|(counter, _)| *counter).collect()).await?;
    for (counter, total) in returned {
        if let Some(page) = book.get_mut(counter) {
            (page.counter, page.lease) = lease::take_back(page.counter, page.lease, *total);
            page.written = true;
        }
    }
    book::write(&tx, fence, &book).await?;
    tx.commit().await?;
    Ok(())
}

/// One answer. A repeated grant is written again, so that it is as durable as a first one where reads do not wait for
/// replication. "Exhausted" changes nothing and is not written: a flood of refused calls costs no writes.
fn answer(book: &mut book::Book, ask: &Ask) -> Answer {
    let Some(page) = book.get_mut(&ask.counter) else { return Answer::Refused };
    let answer;
    (page.counter, page.lease, answer) = lease::grant(page.counter, page.lease, ask);
    page.written |= matches!(answer, Answer::Granted { .. });
    answer
}

/// The counters that may be asked of now.
async fn open_counters(
    db: &impl ConnectionTrait,
    asks: &[Ask],
    now: Timestamp,
) -> Result<BTreeSet<CounterId>, StoreError> {
    let ids: BTreeSet<QuotaId> = asks.iter().map(|ask| ask.counter.quota).collect();
    let quotas = load_quotas(db, &ids).await?;
    let open =
        |counter: &CounterId| quotas.get(&counter.quota).is_some_and(|quota| is_open(quota, counter.window, now));
    Ok(asks.iter().map(|ask| ask.counter).filter(open).collect())
}

/// Whether units of the window that begins at `starts_at` are given now.
fn is_open(quota: &Quota, starts_at: Timestamp, now: Timestamp) -> bool {
    let running = quota.window(now);
    starts_at == running.start || (starts_at == running.end && running.end.since(now) <= PREFETCH)
}

/// Quotas by id; those that are gone are missing.
pub(super) async fn load_quotas(
    db: &impl ConnectionTrait,
    ids: &BTreeSet<QuotaId>,
) -> Result<BTreeMap<QuotaId, Quota>, StoreError> {
    let ids: Vec<QuotaId> = ids.iter().copied().collect();
    let mut quotas = BTreeMap::new();
    for chunk in sql::chunks(&ids) {
        let text = format!(
            "SELECT quota.id, scope, metric, period, anchor, units
             FROM (VALUES {}) AS wanted JOIN quota ON quota.id = wanted.column1",
            sql::tuples(1, chunk.len(), 1)
        );
        for row in sql::rows(db, &text, chunk.iter().map(|id| sql::uuid(*id).into()).collect()).await? {
            let quota = read_quota(&row, 0)?;
            quotas.insert(quota.id, quota);
        }
    }
    Ok(quotas)
}

/// A quota from six columns: id, scope, metric, period, anchor, units. The ledger sees no overage: it is a quota of its own.
pub(crate) fn read_quota(row: &sql::Columns, first: usize) -> Result<Quota, StoreError> {
    Ok(Quota {
        id: row.id(first)?,
        scope: row.word(first + 1, "quota.scope")?,
        metric: row.word(first + 2, "quota.metric")?,
        period: row.word(first + 3, "quota.period")?,
        anchor: row.moment(first + 4)?,
        limit: row.count(first + 5, "quota.units")?,
        overage: None,
    })
}

fn refuse_too_many(given: usize) -> Result<(), Refusal> {
    match given {
        0..=MAX_ASKS => Ok(()),
        given => Err(Refusal::TooMany { what: "asks", given, limit: MAX_ASKS }),
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        quota::{Metric, Period, Scope},
        time::DAY,
    };

    use super::*;

    #[test]
    fn units_are_given_for_the_running_window_and_shortly_before_the_next() {
        let (scope, metric, anchor) = (Scope::Account, Metric::Requests, Timestamp::default());
        let quota =
            Quota { id: QuotaId::from_u128(1), scope, metric, period: Period::Day, anchor, limit: 1, overage: None };
        let cases = [
            (0, 0, true),
            (0, DAY - 1, true),
            (0, DAY, false),
            (DAY, DAY - PREFETCH - 1, false),
            (DAY, DAY - PREFETCH, true),
            (DAY, DAY, true),
            (2 * DAY, DAY, false),
            (1, 0, false),
        ];
        for (starts_at, now, open) in cases {
            let (starts_at, now) = (Timestamp::from_micros(starts_at), Timestamp::from_micros(now));
            assert_eq!(is_open(&quota, starts_at, now), open, "window {starts_at} at {now}");
        }
    }
}
