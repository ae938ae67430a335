//! The rate limit's promise, as a property.

use proptest::prelude::*;

use super::*;

fn limit(limit: u64, per: Per) -> RateLimit {
    RateLimit { scope: Scope::Account, metric: Metric::Requests, per, limit }
}

#[test]
fn a_burst_and_then_the_rate() {
    let ten = limit(10, Per::Second);
    let (mut full_at, now) = (0, 5_000_000_000);
    for taken in 0..10 {
        assert_eq!(ten.left(full_at, now), 10 - taken);
        full_at = ten.take(full_at, 1, now).expect("within the burst");
    }
    assert_eq!(ten.take(full_at, 1, now), Err(100_000_000), "the next unit comes in 100 ms");
    assert!(ten.take(full_at, 1, now + 99_999_999).is_err());
    assert!(ten.take(full_at, 1, now + 100_000_000).is_ok());
    assert_eq!(ten.take(0, 11, now), Err(1_000_000_000), "more than the limit never fits");
}

proptest! {
    /// At most `limit + limit × t` units in any interval, whatever comes when.
    #[test]
    fn never_more_than_burst_and_rate(
        rate in 1u64..5_000,
        minute: bool,
        steps in prop::collection::vec((0u64..3_000_000_000, 1u64..40), 1..200),
    ) {
        let per = if minute { Per::Minute } else { Per::Second };
        let limit = limit(rate, per);
        let (mut full_at, mut now, mut taken) = (0, 1_000_000_000, Vec::<(u64, u64)>::new());
        for (pause, units) in steps {
            now += pause;
            if let Ok(next) = limit.take(full_at, units, now) {
                full_at = next;
                taken.push((now, units));
            }
        }
        for first in 0..taken.len() {
            let mut sum = 0u128;
            for &(moment, units) in &taken[first..] {
                sum += u128::from(units);
                let span = u128::from(moment - taken[first].0);
                let allowed = u128::from(rate) + span * u128::from(rate) / u128::from(per.nanos());
                prop_assert!(sum <= allowed, "{sum} units in {span} ns, {allowed} allowed");
            }
        }
    }

    /// What was refused fits after the wait that was told.
    #[test]
    fn the_wait_is_enough(rate in 1u64..5_000, taken in 0u64..5_000, units in 1u64..5_000) {
        let limit = limit(rate, Per::Second);
        prop_assume!(units <= rate);
        let full_at = limit.take(0, taken.min(rate).max(1), 1_000).unwrap();
        if let Err(wait) = limit.take(full_at, units, 1_000) {
            prop_assert!(limit.take(full_at, units, 1_000 + wait).is_ok());
            prop_assert!(limit.take(full_at, units, 1_000 + wait - 1).is_err());
        }
    }
}
