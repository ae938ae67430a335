//! Counters against leases, and leases against the rows of the log.

use std::collections::BTreeMap;

use domain::lease::{CounterId, Fence, NodeId};
use sea_orm::ConnectionTrait;

use super::{Finding, Report, view::View};
use crate::{
    StoreError,
    ledger::book,
    request_log::{charge_set, row::read_place},
    sql,
};

/// One lease's figures as they are stored.
#[derive(Clone, Copy, Default)]
struct Held {
    held: i64,
    spent: i64,
    closed: bool,
    in_log: i64,
}

/// One lease.
type LeaseId = (CounterId, Fence);

/// Checks I1, I2, I5 and the second half of I6.
pub(super) async fn check(view: &View, report: &mut Report) -> Result<(), StoreError> {
    let mut leases = load_leases(view.ledger()).await?;
    add_log(view.log(), &mut leases, report).await?;
    check_leases(&leases, report);
    check_counters(view.ledger(), &leases, report).await
}

async fn load_leases(db: &impl ConnectionTrait) -> Result<BTreeMap<LeaseId, Held>, StoreError> {
    let text = "SELECT quota, starts_at, node, epoch, granted - returned, spent, closed FROM lease";
    let read = |row: &sql::Columns| {
        let fence = Fence { node: NodeId(row.get(2)?), epoch: row.small(3, "lease.epoch")? };
        let held = Held { held: row.get(4)?, spent: row.get(5)?, closed: row.get(6)?, in_log: 0 };
        Ok(((book::counter_id(row)?, fence), held))
    };
    sql::rows(db, text, vec![]).await?.iter().map(read).collect()
}

/// Adds up the log by lease. Rows are summed by their set of counters first: there are few sets.
async fn add_log(
    db: &impl ConnectionTrait,
    leases: &mut BTreeMap<LeaseId, Held>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let text = "SELECT charge_set, node, epoch, CAST(sum(requests - refund_requests) AS bigint),
            CAST(sum(credits - refund_credits) AS bigint), min(ring), min(seq)
        FROM request_log WHERE charge_set IS NOT NULL GROUP BY charge_set, node, epoch";
    let sums = sql::rows(db, text, vec![]).await?;
    let names = sums.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    let sets = charge_set::load(db, &names).await?;
    for row in &sums {
        let Some(counted) = sets.get(&row.get::<i64>(0)?) else {
            let place = "SELECT node, epoch, ring, seq FROM request_log WHERE charge_set = $1 LIMIT 1";
            let place = sql::row(db, place, vec![row.get::<i64>(0)?.into()]).await?;
            let place = place.ok_or(StoreError::Corrupt { what: "request_log.charge_set" })?;
            report.findings.push(Finding::NoChargeSet(read_place(&place, 0)?));
            continue;
        };
        let fence = Fence { node: NodeId(row.get(1)?), epoch: row.small(2, "request_log.epoch")? };
        for counted in counted {
            let amount: i64 = match counted.metric {
                domain::quota::Metric::Requests => row.get(3)?,
                domain::quota::Metric::Credits => row.get(4)?,
            };
            leases.entry((counted.counter, fence)).or_default().in_log += amount;
        }
    }
    Ok(())
}

fn check_leases(leases: &BTreeMap<LeaseId, Held>, report: &mut Report) {
    for (&(counter, fence), lease) in leases {
        let Held { held, spent, closed, in_log } = *lease;
        if spent != in_log {
            report.findings.push(Finding::SpentDiffers { counter, fence, lease_says: spent, log_says: in_log });
        }
        if closed && !(0..=held).contains(&spent) {
            report.findings.push(Finding::LeaseOverspent { counter, fence, held, spent });
        }
    }
}

async fn check_counters(
    db: &impl ConnectionTrait,
    leases: &BTreeMap<LeaseId, Held>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut sums: BTreeMap<CounterId, (i64, i64, Fence)> = BTreeMap::new();
    for ((counter, fence), lease) in leases {
        let (held, spent, _) = sums.entry(*counter).or_insert((0, 0, *fence));
        (*held, *spent) = (*held + lease.held, *spent + lease.spent);
    }
    for row in sql::rows(db, "SELECT quota, starts_at, units, granted, peak FROM counter", vec![]).await? {
        let counter = book::counter_id(&row)?;
        let (limit, granted, peak) = (row.get::<i64>(2)?, row.get::<i64>(3)?, row.get::<i64>(4)?);
        report.counters += 1;
        let (held, spent) = sums.remove(&counter).map_or((0, 0), |(held, spent, _)| (held, spent));
        if granted != held {
            report.findings.push(Finding::GrantedDiffers { counter, counter_says: granted, leases_say: held });
        }
        if granted > peak {
            report.findings.push(Finding::Overgranted { counter, peak, granted });
        }
        if spent > peak {
            report.findings.push(Finding::Overspent { counter, peak, spent });
        }
        report.lowered += u64::from(granted > limit);
    }
    let missing = sums.into_iter().map(|(counter, (_, _, fence))| Finding::NoCounter { counter, fence });
    report.findings.extend(missing);
    Ok(())
}
