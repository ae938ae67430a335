//! Usage: how far the running windows of some quotas are used, for people and answer headers.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    id::QuotaId,
    quota::Quota,
    time::Timestamp,
    usage::{OverageUsage, Usage},
};
use sea_orm::ConnectionTrait;

use super::{
    book,
    grant::{load_quotas, read_quota},
};
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

/// How far the running windows of these quotas are used, each with its overage; quotas that are gone are missing.
pub async fn usage(from: &impl Source, ids: &[QuotaId], now: Timestamp) -> Result<Vec<CounterUsage>, StoreError> {
    let db = from.executor();
    let ids_once: BTreeSet<QuotaId> = ids.iter().copied().collect();
    let quotas = load_quotas(&db, &ids_once).await?;
    let overages = load_overages(&db, &ids_once).await?;
    let all: Vec<&Quota> = quotas.values().chain(overages.values()).collect();
    let counters = counters(&db, &all, now).await?;
    let counted = |quota: &Quota| counters.get(&quota.id).copied().unwrap_or(Counter::unused(quota));
    let usage = |quota: &Quota| {
        let Counter { limit, granted, used } = counted(quota);
        let overage = overages.get(&quota.id).map(counted);
        let overage = overage.map(|Counter { limit, used, .. }| OverageUsage::new(limit, used));
        let Quota { scope, metric, period, .. } = *quota;
        let usage = Usage { scope, metric, period, window: quota.window(now), limit, used, overage };
        CounterUsage { quota: quota.id, usage, granted }
    };
    Ok(ids.iter().filter_map(|id| quotas.get(id)).map(usage).collect())
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

/// The overages of these quotas, by the quota that they are beyond.
async fn load_overages(
    db: &impl ConnectionTrait,
    ids: &BTreeSet<QuotaId>,
) -> Result<BTreeMap<QuotaId, Quota>, StoreError> {
    let ids: Vec<QuotaId> = ids.iter().copied().collect();
    let mut found = BTreeMap::new();
    for chunk in sql::chunks(&ids) {
        let text = format!(
            "SELECT beyond.id, beyond.scope, beyond.metric, beyond.period, beyond.anchor, beyond.units, quota.id
             FROM (VALUES {}) AS wanted JOIN quota ON quota.id = wanted.column1
             JOIN quota beyond ON beyond.owner = quota.owner AND beyond.scope = quota.scope
              AND beyond.metric = quota.metric AND beyond.period = quota.period AND beyond.overage AND NOT quota.overage",
            sql::tuples(1, chunk.len(), 1)
        );
        for row in sql::rows(db, &text, chunk.iter().map(|id| sql::uuid(*id).into()).collect()).await? {
            found.insert(row.id(6)?, read_quota(&row, 0)?);
        }
    }
    Ok(found)
}
