//! Who spends, and what is denied: sums by member, by key and by denial.
//!
//! Spending is summed from the summaries; denials from each row of the filter's span of time, which is the bound on the work.

use domain::{
    decision::Denial,
    id::{AccountId, KeyId, MemberId},
    time::Timestamp,
};
use uuid::Uuid;

use super::{
    filter::Filter,
    source::{Apart, source},
    summary::GRAIN,
    totals::sum,
};
use crate::{Store, StoreError, sql};

/// The most members, keys or denials told; of more those with the most calls.
pub const MAX_SPENDERS: u32 = 1_000;

/// What one member or key spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spend<W> {
    /// Who or what.
    pub who: W,
    /// All calls, folded denials counted in full.
    pub calls: u64,
    /// Calls among them that were denied.
    pub denied: u64,
    /// Calls among them that failed.
    pub failed: u64,
    /// Requests charged, less those given back.
    pub requests: u64,
    /// Credits charged, less those given back.
    pub credits: u64,
    /// The time of the newest row.
    pub last: Timestamp,
}

/// How often calls ended with one denial, and a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenialCount {
    /// The denial; also one of the upstream's sort.
    pub denial: Denial,
    /// Calls, folded ones counted in full.
    pub calls: u64,
    /// The time of the newest row.
    pub last: Timestamp,
    /// The method of the newest row.
    pub method: String,
    /// The key of the newest row.
    pub key: KeyId,
    /// The member of the newest row.
    pub member: Option<MemberId>,
}

/// Sums for each member over the rows that the filter means, whatever its limit; most calls first. None: the values
/// that belong to the account itself.
pub async fn by_member(store: &Store, filter: &Filter) -> Result<Vec<Spend<Option<MemberId>>>, StoreError> {
    by(store, filter, ("member", Apart::Keys), |row| Ok(row.get::<Option<Uuid>>(0)?.map(sql::id))).await
}

/// Sums for each account over the rows that the filter means, whatever its limit; most calls first.
pub async fn by_account(store: &Store, filter: &Filter) -> Result<Vec<Spend<AccountId>>, StoreError> {
    by(store, filter, ("account", Apart::Accounts), |row| row.id(0)).await
}

/// Sums for each key over the rows that the filter means, whatever its limit; most calls first.
pub async fn by_key(store: &Store, filter: &Filter) -> Result<Vec<Spend<KeyId>>, StoreError> {
    by(store, filter, ("\"key\"", Apart::Keys), |row| row.id(0)).await
}

/// The denials of the rows that the filter means, whatever its limit; most calls first.
pub async fn by_denial(store: &Store, filter: &Filter) -> Result<Vec<DenialCount>, StoreError> {
    let (condition, values) = filter.condition();
    let text = format!(
        "SELECT denial, CAST(calls AS bigint), time, method, \"key\", member FROM (
             SELECT denial, time, method, \"key\", member, sum(count) OVER (PARTITION BY denial) AS calls,
                 row_number() OVER (PARTITION BY denial
                     ORDER BY time DESC, node DESC, epoch DESC, ring DESC, seq DESC) AS age
             FROM request_log WHERE {condition} AND denial IS NOT NULL
         ) AS denied WHERE age = 1 ORDER BY calls DESC, denial LIMIT {MAX_SPENDERS}"
    );
    let count = |row: &sql::Columns| {
        Ok(DenialCount {
            denial: row.word(0, "request_log.denial")?,
            calls: row.count(1, "request_log.count")?,
            last: row.moment(2)?,
            method: row.get(3)?,
            key: row.id(4)?,
            member: row.get::<Option<Uuid>>(5)?.map(sql::id),
        })
    };
    sql::rows(store.log_reader(), &text, values).await?.iter().map(count).collect()
}

async fn by<W>(
    store: &Store,
    filter: &Filter,
    (column, apart): (&str, Apart),
    who: impl Fn(&sql::Columns) -> Result<W, StoreError>,
) -> Result<Vec<Spend<W>>, StoreError> {
    let from = source(filter, GRAIN, apart);
    let figures =
        ["calls", "denied", "failed", "requests - refund_requests", "credits - refund_credits"].map(sum).join(", ");
    let text = format!(
        "SELECT {column}, {figures}, max(last) FROM {} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MAX_SPENDERS}",
        from.text
    );
    let spend = |row: &sql::Columns| {
        let figure = |place| row.count(place, "request_log");
        Ok(Spend {
            who: who(row)?,
            calls: figure(1)?,
            denied: figure(2)?,
            failed: figure(3)?,
            requests: figure(4)?,
            credits: figure(5)?,
            last: row.moment(6)?,
        })
    };
    sql::rows(store.log_reader(), &text, from.values).await?.iter().map(spend).collect()
}
