//! Quotas follow the terms of a plan or of a person: what is new is added, what differs is changed, what is gone is dropped.

use domain::{
    id::QuotaId,
    quota::{Metric, Period, Quota, QuotaTerms},
    time::Timestamp,
};

use super::{Owner, QuotaRow, add, drop_row, list, rows_of, set_limit};
use crate::{StoreError, Tx};

/// What a row of a quota counts. By it a row is recognised, so that it keeps its counters.
type Counts = (Metric, Period, bool);

/// One difference between the rows that are there and the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Add { counts: Counts, limit: u64 },
    Change { row: QuotaRow, limit: u64 },
    Drop(QuotaId),
}

/// Brings the quotas of owners to these terms; an owner comes with the moment at which its cycles begin. The caller records the
/// change of what carries the quotas.
///
/// Rows are changed in the order of their ids, as the ledger locks them: nobody waits for the other in a circle.
pub(crate) async fn follow(
    tx: &Tx,
    owners: &[(Owner, Timestamp)],
    terms: &[QuotaTerms],
    now: Timestamp,
    entropy: &mut (dyn FnMut() -> u128 + Send),
) -> Result<(), StoreError> {
    let mut all: Vec<(Step, Owner, Timestamp)> = Vec::new();
    for (owner, anchor) in owners {
        let present: Vec<QuotaRow> = list(tx, *owner).await?.iter().flat_map(rows_of).collect();
        all.extend(steps(&present, terms).into_iter().map(|step| (step, *owner, *anchor)));
    }
    all.sort_by_key(|(step, ..)| step.of());
    for (step, owner, anchor) in all {
        match step {
            Step::Add { counts: (metric, period, is_overage), limit } => {
                let id = QuotaId::new(now, entropy());
                let quota = Quota { id, scope: owner.scope(), metric, period, anchor, limit, overage: None };
                add(tx, owner, QuotaRow { quota, is_overage }).await?;
            }
            Step::Change { row, limit } => set_limit(tx, owner, row, limit, now).await?,
            Step::Drop(id) => drop_row(tx, id).await?,
        }
    }
    Ok(())
}

impl Step {
    /// The row that is there already.
    fn of(&self) -> Option<QuotaId> {
        match self {
            Step::Add { .. } => None,
            Step::Change { row, .. } => Some(row.quota.id),
            Step::Drop(id) => Some(*id),
        }
    }
}

fn steps(present: &[QuotaRow], terms: &[QuotaTerms]) -> Vec<Step> {
    let counts = |row: &QuotaRow| (row.quota.metric, row.quota.period, row.is_overage);
    let wanted: Vec<(Counts, u64)> = terms
        .iter()
        .flat_map(|terms| {
            let beyond = terms.overage.map(|limit| ((terms.metric, terms.period, true), limit));
            [((terms.metric, terms.period, false), terms.limit)].into_iter().chain(beyond)
        })
        .collect();
    let gone = present.iter().filter(|row| !wanted.iter().any(|(wanted, _)| *wanted == counts(row)));
    let mut steps: Vec<Step> = gone.map(|row| Step::Drop(row.quota.id)).collect();
    for (wanted, limit) in wanted {
        match present.iter().find(|row| counts(row) == wanted) {
            None => steps.push(Step::Add { counts: wanted, limit }),
            Some(row) if row.quota.limit != limit => steps.push(Step::Change { row: *row, limit }),
            Some(_) => {}
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use domain::quota::Scope;

    use super::*;

    const REQUESTS: Metric = Metric::Requests;

    fn row(id: u128, period: Period, limit: u64, is_overage: bool) -> QuotaRow {
        let (scope, metric, anchor) = (Scope::Account, REQUESTS, Timestamp::default());
        let quota = Quota { id: QuotaId::from_u128(id), scope, metric, period, anchor, limit, overage: None };
        QuotaRow { quota, is_overage }
    }

    fn terms(period: Period, limit: u64, overage: Option<u64>) -> QuotaTerms {
        QuotaTerms { metric: REQUESTS, period, limit, overage }
    }

    #[test]
    fn steps_are_the_differences() {
        let (day, month) = (row(1, Period::Day, 10, false), row(2, Period::Month, 100, false));
        let beyond = row(3, Period::Day, 5, true);
        let add = |period, is_overage, limit| Step::Add { counts: (REQUESTS, period, is_overage), limit };
        let cases: &[(&[QuotaRow], &[QuotaTerms], &[Step])] = &[
            (&[], &[], &[]),
            (&[], &[terms(Period::Day, 10, None)], &[add(Period::Day, false, 10)]),
            (&[day], &[terms(Period::Day, 10, None)], &[]),
            (&[day], &[terms(Period::Day, 20, None)], &[Step::Change { row: day, limit: 20 }]),
            (&[day], &[], &[Step::Drop(day.quota.id)]),
            (
                &[day, month],
                &[terms(Period::Month, 50, None), terms(Period::Days(30), 7, None)],
                &[Step::Drop(day.quota.id), Step::Change { row: month, limit: 50 }, add(Period::Days(30), false, 7)],
            ),
            (&[], &[terms(Period::Day, 10, Some(5))], &[add(Period::Day, false, 10), add(Period::Day, true, 5)]),
            (&[day], &[terms(Period::Day, 10, Some(5))], &[add(Period::Day, true, 5)]),
            (&[day, beyond], &[terms(Period::Day, 10, Some(5))], &[]),
            (&[day, beyond], &[terms(Period::Day, 10, Some(6))], &[Step::Change { row: beyond, limit: 6 }]),
            (
                &[day, beyond],
                &[terms(Period::Day, 9, None)],
                &[Step::Drop(beyond.quota.id), Step::Change { row: day, limit: 9 }],
            ),
        ];
        for (present, terms, expected) in cases {
            assert_eq!(&steps(present, terms), expected, "{present:?} {terms:?}");
        }
    }
}
