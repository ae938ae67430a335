//! Calls over time: sums in buckets of one length.
//!
//! Buckets of half hours and their multiples are summed from the summaries; shorter ones from each row of the asked span of time, which
//! is the bound on the work.

use domain::{id::KeyId, time::Timestamp};

use super::{
    filter::Filter,
    source::{Apart, source},
    totals::sum,
};
use crate::{Store, StoreError, sql};

/// The most buckets told; of more the newest.
pub const MAX_BUCKETS: u32 = 1_000;
/// The most sparks told; of more the newest.
pub const MAX_SPARKS: u32 = 50_000;

/// The calls that were decided in one span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The first moment: a multiple of the length, counted from 1970 in UTC.
    pub start: Timestamp,
    /// Calls that were answered.
    pub answered: u64,
    /// Calls that were denied, folded ones counted in full.
    pub denied: u64,
    /// Calls that failed.
    pub failed: u64,
    /// Calls that were abandoned, still run, or whose outcome is not known.
    pub other: u64,
    /// Requests charged, less those given back.
    pub requests: u64,
    /// Credits charged, less those given back.
    pub credits: u64,
}

impl Bucket {
    /// All calls.
    pub fn calls(&self) -> u64 {
        self.answered + self.denied + self.failed + self.other
    }
}

/// The calls of one key in one span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spark {
    /// The key.
    pub key: KeyId,
    /// The first moment, as of a [`Bucket`].
    pub start: Timestamp,
    /// Its calls, whatever their outcome.
    pub calls: u64,
}

/// Sums in buckets of so many microseconds over the rows that the filter means, whatever its limit; oldest first.
/// A bucket without rows is left out.
pub async fn series(store: &Store, filter: &Filter, bucket: i64) -> Result<Vec<Bucket>, StoreError> {
    let (text, values) = series_text(filter, bucket);
    let rows = sql::rows(store.log_reader(), &text, values).await?;
    rows.iter().rev().map(read_bucket).collect()
}

/// Sums by key in buckets of so many microseconds over the rows that the filter means, whatever its limit; oldest first.
pub async fn sparks(store: &Store, filter: &Filter, bucket: i64) -> Result<Vec<Spark>, StoreError> {
    let (text, values) = sparks_text(filter, bucket);
    let rows = sql::rows(store.log_reader(), &text, values).await?;
    let spark = |row: &sql::Columns| {
        Ok(Spark { start: row.moment(0)?, key: row.id(1)?, calls: row.count(2, "request_log.count")? })
    };
    rows.iter().rev().map(spark).collect()
}

/// The query of [`series`].
pub(super) fn series_text(filter: &Filter, bucket: i64) -> (String, Vec<sea_orm::Value>) {
    let from = source(filter, bucket, Apart::Accounts);
    let figures =
        ["calls", "answered", "denied", "failed", "requests - refund_requests", "credits - refund_credits"].map(sum);
    let text = format!(
        "SELECT {} AS start, {} FROM {} GROUP BY 1 ORDER BY 1 DESC LIMIT {MAX_BUCKETS}",
        start_of(bucket),
        figures.join(", "),
        from.text
    );
    (text, from.values)
}

/// The query of [`sparks`].
pub(super) fn sparks_text(filter: &Filter, bucket: i64) -> (String, Vec<sea_orm::Value>) {
    let from = source(filter, bucket, Apart::Keys);
    let text = format!(
        "SELECT {} AS start, \"key\", {} FROM {} GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC LIMIT {MAX_SPARKS}",
        start_of(bucket),
        sum("calls"),
        from.text
    );
    (text, from.values)
}

/// The first moment of a row's bucket.
fn start_of(bucket: i64) -> String {
    format!("time - time % {}", bucket.max(1))
}

fn read_bucket(row: &sql::Columns) -> Result<Bucket, StoreError> {
    let figure = |place| row.count(place, "request_log");
    let (calls, answered, denied, failed) = (figure(1)?, figure(2)?, figure(3)?, figure(4)?);
    let other = calls.saturating_sub(answered + denied + failed);
    Ok(Bucket { start: row.moment(0)?, answered, denied, failed, other, requests: figure(5)?, credits: figure(6)? })
}
