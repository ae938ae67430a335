//! Quotas follow the terms of a plan or of a person: what is new is added, what differs is changed, what is gone is dropped.

use domain::{
    id::QuotaId,
    quota::{Quota, QuotaTerms},
    time::Timestamp,
};

use super::{Owner, add, drop_row, list, set_limit};
use crate::{StoreError, Tx};

/// One difference between the quotas that are there and the terms. A quota is recognised by its metric
/// and period, so that it keeps its counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Add(QuotaTerms),
    Change { quota: Quota, limit: u64 },
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
        let present = list(tx, *owner).await?;
        all.extend(steps(&present, terms).into_iter().map(|step| (step, *owner, *anchor)));
    }
    all.sort_by_key(|(step, ..)| step.of());
    for (step, owner, anchor) in all {
        match step {
            Step::Add(terms) => {
                let id = QuotaId::new(now, entropy());
                add(tx, owner, id, terms, anchor).await?;
            }
            Step::Change { quota, limit } => set_limit(tx, owner, &quota, limit, now).await?,
            Step::Drop(id) => drop_row(tx, id).await?,
        }
    }
    Ok(())
}

impl Step {
    /// The quota that is there already.
    fn of(&self) -> Option<QuotaId> {
        match self {
            Step::Add(_) => None,
            Step::Change { quota, .. } => Some(quota.id),
            Step::Drop(id) => Some(*id),
        }
    }
}

fn steps(present: &[Quota], terms: &[QuotaTerms]) -> Vec<Step> {
    let same = |quota: &Quota, terms: &QuotaTerms| quota.metric == terms.metric && quota.period == terms.period;
    let gone = present.iter().filter(|quota| !terms.iter().any(|terms| same(quota, terms)));
    let mut steps: Vec<Step> = gone.map(|quota| Step::Drop(quota.id)).collect();
    for terms in terms {
        match present.iter().find(|quota| same(quota, terms)) {
            None => steps.push(Step::Add(*terms)),
            Some(quota) if quota.limit != terms.limit => steps.push(Step::Change { quota: *quota, limit: terms.limit }),
            Some(_) => {}
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use domain::quota::{Metric, Period, Scope};

    use super::*;

    fn quota(id: u128, period: Period, limit: u64) -> Quota {
        let (scope, metric, anchor) = (Scope::Account, Metric::Requests, Timestamp::default());
        Quota { id: QuotaId::from_u128(id), scope, metric, period, anchor, limit }
    }

    fn terms(period: Period, limit: u64) -> QuotaTerms {
        QuotaTerms { metric: Metric::Requests, period, limit }
    }

    #[test]
    fn steps_are_the_differences() {
        let (day, month) = (quota(1, Period::Day, 10), quota(2, Period::Month, 100));
        let cases: &[(&[Quota], &[QuotaTerms], &[Step])] = &[
            (&[], &[], &[]),
            (&[], &[terms(Period::Day, 10)], &[Step::Add(terms(Period::Day, 10))]),
            (&[day], &[terms(Period::Day, 10)], &[]),
            (&[day], &[terms(Period::Day, 20)], &[Step::Change { quota: day, limit: 20 }]),
            (&[day], &[], &[Step::Drop(day.id)]),
            (
                &[day, month],
                &[terms(Period::Month, 50), terms(Period::Days(30), 7)],
                &[Step::Drop(day.id), Step::Change { quota: month, limit: 50 }, Step::Add(terms(Period::Days(30), 7))],
            ),
        ];
        for (present, terms, expected) in cases {
            assert_eq!(&steps(present, terms), expected, "{present:?} {terms:?}");
        }
    }
}
