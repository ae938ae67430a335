//! Whatever happens to answers, takes and returns: no unit too many, and in the end not one too few.

use std::collections::HashMap;

use domain::{
    call::Charge,
    id::QuotaId,
    lease::{Answer, Ask, CounterId},
    quota::{Metric, Overage, Quota, Scope},
    time::DAY,
};
use proptest::prelude::*;

use super::world::{self, Ledger, MIDNIGHT};
use crate::meter::{GiveBack, Limits, Meter, Take, Taken, Unavailable};

#[derive(Clone, Debug)]
enum Step {
    Take {
        credits: u32,
    },
    /// The charge of an earlier call comes back, all or half.
    Refund {
        which: usize,
        half: bool,
    },
    /// The ledger answers, and the answer arrives.
    Answer,
    /// The ledger grants, and the answer is lost; the node hears that it could not be reached.
    Lose,
    /// The ledger grants; the answer arrives much later, after others.
    Delay,
    Arrive,
    Unreachable,
    GiveBack,
    Pass {
        micros: i64,
    },
    NextDay,
    ClockSetBack,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => (0..40u32).prop_map(|credits| Step::Take { credits }),
        4 => (any::<usize>(), any::<bool>()).prop_map(|(which, half)| Step::Refund { which, half }),
        12 => Just(Step::Answer),
        3 => Just(Step::Lose),
        3 => Just(Step::Delay),
        3 => Just(Step::Arrive),
        2 => Just(Step::Unreachable),
        1 => Just(Step::GiveBack),
        6 => (0..2_000_000i64).prop_map(|micros| Step::Pass { micros }),
        1 => Just(Step::NextDay),
        1 => Just(Step::ClockSetBack),
    ]
}

/// What really happened: the only book that the test believes.
#[derive(Default)]
struct Book {
    spent: HashMap<CounterId, i64>,
    calls: Vec<(Taken, Charge)>,
}

impl Book {
    fn add(&mut self, limits: &Limits, taken: &Taken, charge: Charge, sign: i64) {
        for counted in limits.counted_of(taken) {
            *self.spent.entry(counted.counter).or_default() += sign * charge.amount(counted.metric) as i64;
        }
    }

    fn check(&self, quotas: &[Quota]) {
        for (counter, spent) in &self.spent {
            let limit = rows(quotas).find(|quota| quota.id == counter.quota).expect("one of ours").limit;
            assert!(*spent <= limit as i64, "{spent} of {limit} in {counter:?}");
            assert!(*spent >= 0, "{spent} in {counter:?}");
        }
    }
}

/// The quotas and their overages, as the ledger has them.
fn rows(quotas: &[Quota]) -> impl Iterator<Item = Quota> {
    quotas.iter().flat_map(|quota| [Some(*quota), quota.beyond()].into_iter().flatten())
}

/// The account's go on beyond: half as many credits, and some requests.
fn quotas(account: u64, member: u64, key: u64) -> Vec<Quota> {
    let beyond = |quota, id, limit| Quota { overage: Some(Overage { id: QuotaId::from_u128(id), limit }), ..quota };
    vec![
        beyond(world::quota(1, Scope::Account, Metric::Credits, account / 2), 11, account / 2),
        beyond(world::quota(2, Scope::Account, Metric::Requests, account / 16), 12, account / 16),
        world::quota(3, Scope::Member, Metric::Credits, member),
        world::quota(4, Scope::Key, Metric::Requests, key),
    ]
}

fn run(steps: Vec<Step>, quotas: &[Quota]) {
    world::set_wall(MIDNIGHT.plus(DAY / 3));
    let meter = Meter::new(world::CLOCK);
    let limits = meter.limits(quotas.iter().copied(), []);
    let ledger = Ledger::new(quotas);
    let mut book = Book::default();
    let mut late: Vec<(Ask, Answer)> = Vec::new();
    for step in steps {
        match step {
            Step::Take { credits } => {
                if let Take::Taken(taken) = meter.take(&limits, Charge::priced(credits), world::now(), world::steady())
                {
                    book.add(&limits, &taken, Charge::priced(credits), 1);
                    book.calls.push((taken, Charge::priced(credits)));
                }
            }
            Step::Refund { which, half } if !book.calls.is_empty() => {
                let (taken, charge) = book.calls.swap_remove(which % book.calls.len());
                let refund = if half { Charge { requests: 0, credits: charge.credits / 2 } } else { charge };
                // As at the end of a call: the record first, then the units.
                book.add(&limits, &taken, refund, -1);
                limits.restore(&taken, refund);
            }
            Step::Answer => ledger.answer(&meter),
            Step::Lose => {
                let asks = meter.due_asks();
                asks.iter().for_each(|ask| _ = ledger.grant(ask));
                meter.answer(asks.into_iter().map(|ask| (ask, Err(Unavailable))).collect());
            }
            Step::Delay => late.extend(meter.due_asks().into_iter().map(|ask| (ask, ledger.grant(&ask)))),
            Step::Arrive => {
                // Twice, and the newest first.
                let answers: Vec<_> = late.drain(..).rev().map(|(ask, answer)| (ask, Ok(answer))).collect();
                meter.answer(answers.clone());
                meter.answer(answers);
            }
            Step::Unreachable => ledger.fail(&meter),
            Step::GiveBack => ledger.take_back(&meter, GiveBack::All),
            Step::Pass { micros } => world::pass(micros),
            Step::NextDay => world::pass(DAY),
            Step::ClockSetBack => world::set_wall(world::now().plus(-DAY)),
            Step::Refund { .. } => {}
        }
        book.check(quotas);
    }
    let answers = late.into_iter().map(|(ask, answer)| (ask, Ok(answer))).collect();
    meter.answer(answers);
    every_unit_can_be_served(&meter, &limits, &ledger, quotas, &mut book);
}

/// On a new day, calls of 1 credit are served until a quota is used up to the last unit.
fn every_unit_can_be_served(meter: &Meter, limits: &Limits, ledger: &Ledger, quotas: &[Quota], book: &mut Book) {
    world::pass(1_000 * DAY);
    let mut refusals = 0;
    while refusals < 200 {
        match meter.take(limits, Charge::priced(1), world::now(), world::steady()) {
            Take::Taken(taken) => book.add(limits, &taken, Charge::priced(1), 1),
            Take::Denied(_) => break,
            Take::Wait(_) => {
                ledger.answer(meter);
                world::pass(100_000);
                refusals += 1;
            }
        }
    }
    book.check(quotas);
    let left = |quota: &Quota| {
        let window = quota.window(world::now()).start;
        let of_row =
            |row: Quota| row.limit as i64 - book.spent.get(&CounterId { quota: row.id, window }).copied().unwrap_or(0);
        rows(&[*quota]).map(of_row).sum::<i64>()
    };
    assert_eq!(quotas.iter().map(left).min(), Some(0), "the tightest quota is used up and no other stands in the way");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_history_overspends_and_every_unit_can_be_served(
        steps in prop::collection::vec(step(), 0..250),
        account in 40..2_000u64, member in 40..1_500u64, key in 5..200u64,
    ) {
        run(steps, &quotas(account, member, key));
    }
}

#[test]
fn a_call_that_fails_on_a_later_counter_costs_nothing() {
    let quotas = [
        world::quota(1, Scope::Key, Metric::Requests, 10),
        world::quota(2, Scope::Member, Metric::Credits, 100),
        world::quota(3, Scope::Account, Metric::Requests, 3),
    ];
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&quotas));
    let limits = meter.limits(quotas, []);
    let mut taken = 0;
    for _ in 0..40 {
        match meter.take(&limits, Charge::priced(5), world::now(), world::steady()) {
            Take::Taken(_) => taken += 1,
            _ => ledger.answer(&meter),
        }
    }
    assert_eq!(taken, 3);
    let used: Vec<_> = limits.usage(world::now()).map(|usage| (usage.scope, usage.used)).collect();
    assert_eq!(used, [(Scope::Key, 3), (Scope::Member, 15), (Scope::Account, 3)]);
}

#[test]
fn an_amount_of_nothing_takes_nothing() {
    let quotas =
        [world::quota(1, Scope::Key, Metric::Requests, 0), world::quota(2, Scope::Account, Metric::Credits, 0)];
    let meter = Meter::new(world::CLOCK);
    let free = meter.limits(quotas, []);
    assert!(matches!(meter.take(&free, Charge::NOTHING, world::now(), world::steady()), Take::Taken(_)));
    let credits_only = meter.limits([quotas[1]], []);
    assert!(matches!(meter.take(&credits_only, Charge::priced(0), world::now(), world::steady()), Take::Taken(_)));
    assert!(meter.due_asks().is_empty());
    assert_eq!(meter.limits(quotas, []).quotas().next().map(|quota| quota.id), Some(QuotaId::from_u128(1)));
}
