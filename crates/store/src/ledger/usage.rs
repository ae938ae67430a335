//! Usage: how far the running windows of some quotas are used, for people and answer headers.

use std::collections::BTreeSet;

use domain::{id::QuotaId, time::Timestamp, usage::Usage};

use super::{book, grant::load_quotas};
use crate::{Source, StoreError, sql};

/// The running window of one quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterUsage {
    /// The quota.
    pub quota: QuotaId,
    /// The window, its limit, and in `used` what arrived with the log.
    pub usage: Usage,
    /// Units that nodes hold, spent or not: the upper bound of what is used at this moment.
    pub granted: u64,
}

/// How far the running windows of these quotas are used; quotas that are gone are missing.
pub async fn usage(from: &impl Source, ids: &[QuotaId], now: Timestamp) -> Result<Vec<CounterUsage>, StoreError> {
    let db = from.executor();
    let quotas = load_quotas(&db, &ids.iter().copied().collect::<BTreeSet<_>>()).await?;
    let text = "SELECT counter.units, counter.granted,
            coalesce((SELECT CAST(sum(lease.spent) AS bigint) FROM lease
                      WHERE lease.quota = counter.quota AND lease.starts_at = counter.starts_at), 0)
        FROM counter WHERE counter.quota = $1 AND counter.starts_at = $2";
    let mut found = Vec::with_capacity(quotas.len());
    for quota in ids.iter().filter_map(|id| quotas.get(id)) {
        let window = quota.window(now);
        let row = sql::row(&db, text, book::key(&book::of(quota, window.start)).into()).await?;
        let (limit, granted, used) = match row {
            None => (quota.limit, 0, 0),
            Some(row) => {
                (row.count(0, "counter.units")?, row.count(1, "counter.granted")?, row.get::<i64>(2)?.max(0) as u64)
            }
        };
        let usage = Usage { scope: quota.scope, metric: quota.metric, period: quota.period, window, limit, used };
        found.push(CounterUsage { quota: quota.id, usage, granted });
    }
    Ok(found)
}
