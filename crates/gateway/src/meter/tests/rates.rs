//! Rate limits over random schedules: never more than the burst and the rate in any interval, in requests and in credits.

use domain::{
    call::Charge,
    id::{AccountId, KeyId},
    quota::{Metric, Scope},
    rate_limit::{Per, RateLimit},
};
use proptest::prelude::*;

use super::world;
use crate::meter::{BucketOwner, Meter, Take};

/// A call that comes so many microseconds after the one before, and its price; free calls are none of a limit's business.
fn schedule() -> impl Strategy<Value = Vec<(i64, Option<u32>)>> {
    let pause = prop_oneof![3 => Just(0i64), 3 => 1..2_000i64, 2 => 0..400_000i64, 1 => 0..90_000_000i64];
    prop::collection::vec((pause, prop::option::weighted(0.95, 0..60u32)), 1..250)
}

fn rate(scope: Scope, metric: Metric, per: Per, limit: u64) -> RateLimit {
    RateLimit { scope, metric, per, limit }
}

/// What was admitted, in microseconds and units, in the metric of a limit.
fn held(rate: &RateLimit, admitted: &[(i64, Charge)]) -> Result<(), TestCaseError> {
    for (place, (first, _)) in admitted.iter().enumerate() {
        let mut units = 0u128;
        for (moment, charge) in &admitted[place..] {
            units += u128::from(charge.amount(rate.metric));
            let nanos = (moment - first).unsigned_abs() as u128 * 1_000;
            let allowed = u128::from(rate.limit) + nanos * u128::from(rate.limit) / u128::from(rate.per.nanos());
            prop_assert!(units <= allowed, "{units} in {nanos} ns, {allowed} allowed by {rate:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn never_more_than_burst_and_rate_in_any_interval(
        calls in schedule(), limits in [1..200u64, 1..2_000u64, 60..500u64, 60..20_000u64],
    ) {
        let (key, account) = (KeyId::from_u128(1), BucketOwner::Account(AccountId::from_u128(1), "node".parse().expect("a name")));
        let rates = [
            (BucketOwner::Key(key), rate(Scope::Key, Metric::Requests, Per::Second, limits[0])),
            (BucketOwner::Key(key), rate(Scope::Key, Metric::Credits, Per::Second, limits[2])),
            (account.clone(), rate(Scope::Account, Metric::Requests, Per::Minute, limits[1])),
            (account, rate(Scope::Account, Metric::Credits, Per::Minute, limits[3])),
        ];
        let meter = Meter::new(world::CLOCK);
        let limits = meter.limits([], rates.clone());
        let (mut steady, mut admitted) = (1_000_000_000i64, Vec::new());
        for (pause, price) in calls {
            steady += pause;
            let charge = price.map_or(Charge::NOTHING, Charge::priced);
            match meter.take(&limits, charge, world::now(), steady) {
                Take::Taken(_) => admitted.push((steady, charge)),
                Take::Denied(_) => prop_assert!(charge != Charge::NOTHING, "a free call is never refused"),
                Take::Wait(_) => prop_assert!(false, "no quota applies"),
            }
        }
        for (_, rate) in &rates {
            held(rate, &admitted)?;
        }
    }
}
