//! Beyond a quota: a second counter pays when the first is used up, each exactly, and a row says which.

use domain::{
    call::Charge,
    decision::Denial,
    id::QuotaId,
    lease::CounterId,
    quota::{Metric, Overage, Quota, Scope, UNLIMITED},
    time::{DAY, SECOND},
    usage::OverageUsage,
};

use super::world::{self, Ledger};
use crate::meter::{Limits, Meter, Refused, Take, Taken};

const OWN: QuotaId = QuotaId::from_u128(1);
const BEYOND: QuotaId = QuotaId::from_u128(2);

/// A quota of credits a day, with so many beyond.
fn with_overage(limit: u64, beyond: u64) -> Quota {
    let overage = Some(Overage { id: BEYOND, limit: beyond });
    Quota { overage, ..world::quota(1, Scope::Account, Metric::Credits, limit) }
}

/// Takes calls of so many credits until one is denied, answering for the ledger; tells what was charged beyond by each.
fn take_all(
    meter: &Meter,
    limits: &Limits,
    ledger: &Ledger,
    credits: &[u32],
) -> (Vec<Taken>, Vec<u32>, Option<Refused>) {
    let (mut taken, mut beyond) = (Vec::new(), Vec::new());
    for credits in credits {
        loop {
            match meter.take(limits, Charge::priced(*credits), world::now(), world::steady()) {
                Take::Taken(one) => {
                    beyond.push(limits.overage_of(&one).credits);
                    taken.push(one);
                    break;
                }
                Take::Denied(refused) => return (taken, beyond, Some(refused)),
                Take::Wait(_) => ledger.answer(meter),
            }
        }
    }
    (taken, beyond, None)
}

fn used(limits: &Limits) -> (u64, Option<OverageUsage>) {
    let usage = limits.usage(world::now()).next().expect("there is one quota");
    (usage.used, usage.overage)
}

#[test]
fn a_call_that_the_quota_cannot_pay_whole_is_paid_beyond_whole() {
    let quota = with_overage(10, 6);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    let (_, beyond, refused) = take_all(&meter, &limits, &ledger, &[4, 4, 4, 2, 1, 1, 1]);
    // 4 and 4 of 10; 4 of 6 beyond; the last 2 of 10; 1 and 1 of 6; then neither has one left.
    assert_eq!(beyond, [0, 0, 4, 0, 1, 1]);
    let refused = refused.expect("all are used up");
    assert_eq!(refused.denial, Denial::QuotaExhausted(Scope::Account));
    assert_eq!(refused.retry_at, Some(quota.window(world::now()).end));
    assert_eq!(used(&limits), (10, Some(OverageUsage { limit: Some(6), used: 6 })));
    assert_eq!((ledger.granted(OWN), ledger.granted(BEYOND)), (10, 6));
}

#[test]
fn without_a_limit_it_goes_on() {
    let quota = with_overage(1, UNLIMITED);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    let (taken, _, refused) = take_all(&meter, &limits, &ledger, &[1; 5_000]);
    assert_eq!((taken.len(), refused), (5_000, None));
    assert_eq!(used(&limits), (1, Some(OverageUsage { limit: None, used: 4_999 })));
    assert!(ledger.granted(BEYOND) < 1_000_000, "a node does not draw without measure");
}

#[test]
fn extra_units_and_overage_add_up_to_the_unit() {
    let quota = with_overage(10, 5);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    assert_eq!(take_all(&meter, &limits, &ledger, &[1; 12]).1.iter().sum::<u32>(), 2, "of 12 calls, 2 go beyond");
    // An operator adds units to the running window: the plan's figure, which the policy has, stays.
    ledger.set_limit(OWN, 13);
    // After a while the ledger is asked again; until then calls go beyond.
    world::pass(10 * SECOND);
    let (_, beyond, _) = take_all(&meter, &limits, &ledger, &[1]);
    assert_eq!(beyond, [1], "the word from before is good enough for one more");
    ledger.answer(&meter);
    let (_, beyond, refused) = take_all(&meter, &limits, &ledger, &[1; 100]);
    assert_eq!(beyond, [0, 0, 0, 1, 1], "first what was added, then the rest of what is allowed beyond");
    assert_eq!(refused.map(|refused| refused.denial), Some(Denial::QuotaExhausted(Scope::Account)));
    assert_eq!((ledger.granted(OWN), ledger.granted(BEYOND)), (13, 5), "18 calls, and not one more");
}

#[test]
fn the_next_window_begins_with_the_quota_again() {
    let quota = with_overage(3, 3);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    assert_eq!(take_all(&meter, &limits, &ledger, &[1; 5]).1, [0, 0, 0, 1, 1]);
    world::pass(DAY);
    assert_eq!(take_all(&meter, &limits, &ledger, &[1; 5]).1, [0, 0, 0, 1, 1]);
}

#[test]
fn a_call_that_others_move_into_the_next_window_is_paid_by_the_quota_there() {
    let own = Quota { scope: Scope::Key, ..with_overage(1, 5) };
    let shared = world::quota(3, Scope::Account, Metric::Credits, 100);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[own, shared]));
    let (limits, of_another) = (meter.limits([own, shared], []), meter.limits([shared], []));
    world::set_wall(world::MIDNIGHT.plus(DAY - 1));
    assert_eq!(take_all(&meter, &limits, &ledger, &[1, 1]).1, [0, 1], "the day's quota is used up");
    let before = world::now();
    world::pass(2);
    assert_eq!(take_all(&meter, &of_another, &ledger, &[1]).1, [0], "another key's call begins the next day");
    let taken = loop {
        match meter.take(&limits, Charge::priced(1), before, world::steady()) {
            Take::Taken(taken) => break taken,
            Take::Denied(refused) => panic!("{refused:?}"),
            Take::Wait(_) => ledger.answer(&meter),
        }
    };
    assert_eq!((limits.overage_of(&taken), taken.time()), (Charge::NOTHING, world::MIDNIGHT.plus(DAY)));
}

#[test]
fn what_is_given_back_goes_to_the_counter_that_paid() {
    let quota = with_overage(1, 2);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    let (taken, ..) = take_all(&meter, &limits, &ledger, &[1, 1]);
    let charged: Vec<CounterId> = limits.counted_of(&taken[1]).map(|counted| counted.counter).collect();
    assert_eq!(charged, [CounterId { quota: BEYOND, window: quota.window(world::now()).start }]);
    limits.restore(&taken[1], Charge::priced(1));
    assert_eq!(used(&limits), (1, Some(OverageUsage { limit: Some(2), used: 0 })));
    assert_eq!(take_all(&meter, &limits, &ledger, &[1, 1, 1]).1, [1, 1]);
}

#[test]
fn while_other_nodes_hold_units_of_the_quota_a_call_waits_for_them_and_then_goes_on_without_waiting() {
    let quota = with_overage(10, UNLIMITED);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    let own = CounterId { quota: OWN, window: quota.window(world::now()).start };
    ledger.take_elsewhere(own, 10, 10);
    let take = || meter.take(&limits, Charge::priced(1), world::now(), world::steady());
    assert!(matches!(take(), Take::Wait(_)), "the ledger is asked");
    ledger.answer(&meter);
    assert!(matches!(take(), Take::Wait(_)), "another node may give units back");
    world::pass(300_000);
    ledger.answer(&meter);
    assert!(matches!(take(), Take::Wait(_)), "now the overage is asked for");
    ledger.answer(&meter);
    let Take::Taken(taken) = take() else { panic!("the overage pays") };
    assert_eq!(limits.overage_of(&taken), Charge { requests: 0, credits: 1 });
    world::pass(10 * SECOND);
    assert!(matches!(take(), Take::Taken(_)), "the old word is good enough, while the ledger is asked again");
    ledger.give_back_elsewhere(own, 10);
    ledger.answer(&meter);
    let Take::Taken(taken) = take() else { panic!("the quota pays") };
    assert_eq!(limits.overage_of(&taken), Charge::NOTHING, "units came back");
}
