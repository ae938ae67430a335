//! What observed lists would have denied: sums by kind of list, from the rows of the filter's span of time that have any.

use std::collections::BTreeMap;

use domain::{
    allowlist::{ListKind, ListKinds},
    id::{KeyId, MemberId},
    time::Timestamp,
};
use sea_orm::Value;
use uuid::Uuid;

use super::filter::Filter;
use crate::{Store, StoreError, sql};

/// How many calls the observed lists of one kind would have denied, and a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedCount {
    /// The kind of list.
    pub kind: ListKind,
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

/// What was observed in the rows that the filter means, whatever its limit; most calls first. A call that two lists would have
/// denied counts for both.
pub async fn by_observed(store: &Store, filter: &Filter) -> Result<Vec<ObservedCount>, StoreError> {
    let (text, values) = text(filter);
    let mut counts: BTreeMap<ListKind, ObservedCount> = BTreeMap::new();
    for row in sql::rows(store.log_reader(), &text, values).await? {
        let corrupt = || StoreError::Corrupt { what: "request_log.observed" };
        let bits = u8::try_from(row.get::<i64>(0)?).map_err(|_| corrupt())?;
        let (calls, last) = (row.count(1, "request_log.count")?, row.moment(2)?);
        for kind in ListKinds::of_bits(bits).ok_or_else(corrupt)?.iter() {
            let before = counts.get(&kind).map_or(0, |count| count.calls);
            // Sets come newest first: the first that has a kind has its newest row.
            let count = counts.entry(kind).or_insert(ObservedCount {
                kind,
                calls,
                last,
                method: row.get(3)?,
                key: row.id(4)?,
                member: row.get::<Option<Uuid>>(5)?.map(sql::id),
            });
            count.calls = before + calls;
        }
    }
    let mut counts: Vec<ObservedCount> = counts.into_values().collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.calls));
    Ok(counts)
}

/// The query: for each set of kinds that rows have, its calls and its newest row; the set with the newest row first.
pub(super) fn text(filter: &Filter) -> (String, Vec<Value>) {
    let (condition, values) = filter.condition();
    let text = format!(
        "SELECT observed, CAST(calls AS bigint), time, method, \"key\", member FROM (
             SELECT observed, time, node, epoch, ring, seq, method, \"key\", member,
                 sum(count) OVER (PARTITION BY observed) AS calls,
                 row_number() OVER (PARTITION BY observed
                     ORDER BY time DESC, node DESC, epoch DESC, ring DESC, seq DESC) AS age
             FROM request_log WHERE {condition} AND observed <> 0
         ) AS seen WHERE age = 1 ORDER BY time DESC, node DESC, epoch DESC, ring DESC, seq DESC"
    );
    (text, values)
}
