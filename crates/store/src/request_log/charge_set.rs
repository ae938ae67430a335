//! Charge sets: the counters that a row was charged on, named once for the many rows that share them.
//!
//! They let the audit sum the log by counter without asking the ledger.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    id::QuotaId,
    lease::CounterId,
    quota::Metric,
    request_log::{Counted, Row},
    time::Timestamp,
};
use foldhash::HashMap;
use sea_orm::{ConnectionTrait, Value};
use sha2::{Digest, Sha256};

use crate::{StoreError, sql};

/// The name of a set; none for the empty one: the first 8 bytes of SHA-256 over its sorted members.
pub(crate) fn id(counted: &[Counted]) -> Option<i64> {
    if counted.is_empty() {
        return None;
    }
    let mut sorted = counted.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut digest = Sha256::new();
    for Counted { counter, metric } in sorted {
        digest.update(counter.quota.as_u128().to_be_bytes());
        digest.update(counter.window.micros().to_be_bytes());
        digest.update([metric as u8]);
    }
    let digest: [u8; 32] = digest.finalize().into();
    Some(i64::from_be_bytes(*digest.first_chunk().expect("32 bytes have 8")))
}

/// The names of a batch's sets, each made once: the calls of a key share theirs.
pub(crate) struct Names<'a>(HashMap<&'a [Counted], Option<i64>>);

impl<'a> Names<'a> {
    /// The names of these rows' sets.
    pub(crate) fn of(rows: &'a [Row]) -> Self {
        let mut names = HashMap::default();
        for row in rows {
            names.entry(&*row.counted).or_insert_with_key(|counted| id(counted));
        }
        Names(names)
    }

    /// The name of the set of one of them; none for the empty one.
    pub(crate) fn name(&self, row: &Row) -> Option<i64> {
        self.0.get(&*row.counted).copied().flatten()
    }
}

/// Writes the sets that are not there yet.
pub(crate) async fn put(db: &impl ConnectionTrait, names: &Names<'_>) -> Result<(), StoreError> {
    let sets: BTreeMap<i64, &[Counted]> =
        names.0.iter().filter_map(|(counted, name)| name.map(|name| (name, *counted))).collect();
    let member =
        |(name, counted): (i64, &[Counted])| counted.iter().map(|counted| (name, *counted)).collect::<Vec<_>>();
    let members: Vec<(i64, Counted)> = sets.into_iter().flat_map(member).collect();
    for chunk in sql::chunks(&members) {
        let text = format!(
            "INSERT INTO charge_set (id, quota, starts_at, metric) VALUES {}
             ON CONFLICT (id, quota, starts_at, metric) DO NOTHING",
            sql::tuples(1, chunk.len(), 4)
        );
        let values = |(name, counted): &(i64, Counted)| -> [Value; 4] {
            let Counted { counter, metric } = counted;
            let (quota, starts_at) = (sql::uuid(counter.quota), counter.window.micros());
            [(*name).into(), quota.into(), starts_at.into(), metric.as_str().into()]
        };
        sql::execute(db, &text, chunk.iter().flat_map(values).collect()).await?;
    }
    Ok(())
}

/// The members of these sets.
pub(crate) async fn load(
    db: &impl ConnectionTrait,
    names: &BTreeSet<i64>,
) -> Result<BTreeMap<i64, Vec<Counted>>, StoreError> {
    let names: Vec<i64> = names.iter().copied().collect();
    let mut sets: BTreeMap<i64, Vec<Counted>> = BTreeMap::new();
    for chunk in sql::chunks(&names) {
        let text = format!(
            "SELECT charge_set.id, quota, starts_at, metric
             FROM (VALUES {}) AS wanted JOIN charge_set ON charge_set.id = wanted.column1
             ORDER BY charge_set.id, quota, starts_at, metric DESC",
            sql::tuples(1, chunk.len(), 1)
        );
        for row in sql::rows(db, &text, chunk.iter().map(|name| (*name).into()).collect()).await? {
            let (quota, window): (QuotaId, Timestamp) = (row.id(1)?, row.moment(2)?);
            let metric: Metric = row.word(3, "charge_set.metric")?;
            sets.entry(row.get(0)?).or_default().push(Counted { counter: CounterId { quota, window }, metric });
        }
    }
    Ok(sets)
}
