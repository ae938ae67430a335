//! Usage: how far the running windows of some quotas are used, for people and answer headers.

use std::collections::{BTreeMap, BTreeSet};

use domain::{id::QuotaId, quota::Quota, time::Timestamp, usage::Usage};
use sea_orm::ConnectionTrait;

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
    let asked: Vec<&Quota> = ids.iter().filter_map(|id| quotas.get(id)).collect();
    let counters = counters(&db, &asked, now).await?;
    let usage = |quota: &&Quota| {
        let Counter { limit, granted, used } = counters.get(&quota.id).copied().unwrap_or(Counter::unused(quota));
        let window = quota.window(now);
        let usage = Usage { scope: quota.scope, metric: quota.metric, period: quota.period, window, limit, used };
        CounterUsage { quota: quota.id, usage, granted }
    };
    Ok(asked.iter().map(usage).collect())
}

/// What a counter says; a window has none before its first lease.
#[derive(Clone, Copy)]
struct Counter {
    limit: u64,
    granted: u64,
    used: u64,
}

impl Counter {
    fn unused(quota: &Quota) -> Counter {
        Counter { limit: quota.limit, granted: 0, used: 0 }
    }
}

/// The counters of the running windows of quotas.
async fn counters(
    db: &impl ConnectionTrait,
    quotas: &[&Quota],
    now: Timestamp,
) -> Result<BTreeMap<QuotaId, Counter>, StoreError> {
    let mut found = BTreeMap::new();
    for chunk in sql::chunks(quotas) {
        let text = format!(
            "SELECT counter.quota, counter.units, counter.granted,
                 coalesce((SELECT CAST(sum(lease.spent) AS bigint) FROM lease
                           WHERE lease.quota = counter.quota AND lease.starts_at = counter.starts_at), 0)
             FROM (VALUES {}) AS wanted
             JOIN counter ON counter.quota = wanted.column1 AND counter.starts_at = wanted.column2",
            sql::tuples(1, chunk.len(), 2)
        );
        let values = chunk.iter().flat_map(|quota| book::key(&book::of(quota, quota.window(now).start))).collect();
        for row in sql::rows(db, &text, values).await? {
            let (limit, granted) = (row.count(1, "counter.units")?, row.count(2, "counter.granted")?);
            let used = row.get::<i64>(3)?.max(0) as u64;
            found.insert(row.id(0)?, Counter { limit, granted, used });
        }
    }
    Ok(found)
}
