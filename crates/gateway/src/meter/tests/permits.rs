//! Every admitted call ends in exactly one outcome, whatever becomes of its permit; rate limits come before quotas.

use std::{rc::Rc, sync::Arc};

use domain::{
    call::Charge,
    decision::{Denial, NotReady},
    price::Price,
    quota::{Metric, Quota, Scope},
    rate_limit::{Per, RateLimit},
    request_log::{Ending, Outcome, RowState},
};
use journal::Settings;

use super::world::{self, Ledger, Shelf};
use crate::{
    meter::{BucketOwner, Limits, Meter, Permit, Refused},
    record::{DenialBudget, Recorder, codec::Record},
};

const LIMIT: u64 = 100;

struct Scene {
    meter: Meter,
    limits: Arc<Limits>,
    recorder: Rc<Recorder>,
    shelf: Shelf,
}

fn scene() -> Scene {
    with(Shelf::small(world::CLOCK))
}

fn with((shelf, recorder): (Shelf, Rc<Recorder>)) -> Scene {
    let quotas: [Quota; 2] = [
        world::quota(1, Scope::Account, Metric::Requests, LIMIT),
        world::quota(2, Scope::Account, Metric::Credits, LIMIT * 10),
    ];
    let meter = Meter::new(world::CLOCK);
    let limits = meter.limits(quotas, []);
    let ledger = Ledger::new(&quotas);
    // The first attempt makes the meter ask; from then on leases are in hand.
    _ = meter.take(&limits, Charge::priced(1), world::now(), world::steady());
    let asks = meter.due_asks().into_iter().map(|ask| domain::lease::Ask { want: LIMIT * 10, ..ask });
    meter.answer(asks.map(|ask| (ask, Ok(ledger.grant(&ask)))).collect());
    Scene { meter, limits, recorder, shelf }
}

impl Scene {
    fn admit(&self, price: Price) -> Result<Permit, Refused> {
        let call = world::call(1);
        let admission = self.meter.admit(&self.recorder, &self.limits, price, &call, world::now(), world::steady());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(admission).poll(&mut context) {
            std::task::Poll::Ready(admitted) => admitted,
            std::task::Poll::Pending => panic!("leases are in hand, and yet the call waits"),
        }
    }

    fn used(&self) -> Vec<u64> {
        self.limits.usage(world::now()).map(|usage| usage.used).collect()
    }

    fn endings(&self) -> Vec<Ending> {
        let ending = |record| match record {
            Record::Outcome { ending, .. } => Some(ending),
            _ => None,
        };
        self.shelf.records().into_iter().filter_map(ending).collect()
    }
}

fn ending(refund: Charge) -> Ending {
    Ending {
        outcome: Outcome::Failed,
        denial: Some(Denial::UpstreamUnreachable),
        status: 502,
        rpc_error: Some(-32603),
        refund,
        latency: 70,
        upstream_latency: 0,
        attempts: 2,
        upstream: Some(1),
        bytes_in: 3,
        bytes_out: 4,
    }
}

#[test]
fn the_intent_is_in_the_journal_before_there_is_a_permit_and_says_what_was_charged() {
    let scene = scene();
    let permit = scene.admit(Price::Credits(7)).expect("leases are in hand");
    let records = scene.shelf.records();
    let [Record::Intent(row)] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((row.place.seq, row.charge, row.state), (permit.seq(), Charge::priced(7), RowState::Open));
    assert_eq!((row.time, row.count, row.ending.clone()), (permit.time(), 1, None));
    let counted: Vec<_> = row.counted.iter().map(|counted| (counted.counter.quota.as_u128(), counted.metric)).collect();
    assert_eq!(counted, [(1, Metric::Requests), (2, Metric::Credits)]);
    permit.start(0).end(ending(Charge::NOTHING));
}

#[test]
fn every_way_to_end_writes_one_outcome_and_gives_back_what_it_says() {
    let all = Charge::priced(10);
    type End = fn(Permit);
    let cases: [(&str, End, Outcome, Charge, [u64; 2]); 7] = [
        ("ended", |permit| permit.start(0).end(ending(Charge::NOTHING)), Outcome::Failed, Charge::NOTHING, [1, 10]),
        ("refunded", |permit| permit.start(0).end(ending(Charge::priced(10))), Outcome::Failed, all, [0, 0]),
        (
            "refunded in part",
            |permit| permit.start(0).end(ending(Charge { requests: 0, credits: 4 })),
            Outcome::Failed,
            Charge { requests: 0, credits: 4 },
            [1, 6],
        ),
        (
            "more than was charged",
            |permit| permit.start(0).end(ending(Charge::priced(99))),
            Outcome::Failed,
            all,
            [0, 0],
        ),
        ("dropped while running", |permit| drop(permit.start(0)), Outcome::Abandoned, Charge::NOTHING, [1, 10]),
        ("dropped before it ran", drop, Outcome::Abandoned, all, [0, 0]),
        (
            "refused after all",
            |permit| permit.refuse(Denial::NotReady(NotReady::PolicyStale), 503),
            Outcome::Denied,
            all,
            [0, 0],
        ),
    ];
    for (name, end, outcome, refund, used) in cases {
        let scene = scene();
        end(scene.admit(Price::Credits(10)).expect("leases are in hand"));
        let endings = scene.endings();
        assert_eq!(
            endings.iter().map(|ending| (ending.outcome, ending.refund)).collect::<Vec<_>>(),
            [(outcome, refund)],
            "{name}"
        );
        assert_eq!(scene.used(), used, "{name}");
    }
}

#[test]
fn a_free_call_is_recorded_and_touches_no_counter() {
    let scene = scene();
    scene.admit(Price::Free).expect("nothing is counted").start(0).end(ending(Charge::NOTHING));
    let records = scene.shelf.records();
    let Record::Intent(row) = &records[0] else { panic!("{records:?}") };
    assert_eq!((row.charge, row.counted.len(), records.len()), (Charge::NOTHING, 0, 2));
    assert_eq!(scene.used(), [0, 0]);
}

#[test]
fn a_full_journal_stops_admission_and_charges_nothing_but_running_calls_still_end() {
    let settings = Settings { segment_bytes: journal::MIN_SEGMENT_BYTES, max_segments: 2, ..Settings::default() };
    let shelf = Shelf::new(world::CLOCK, Arc::new(DenialBudget::default()), settings);
    let scene = with(shelf);
    let mut running = Vec::new();
    let refused = loop {
        match scene.admit(Price::Free) {
            Ok(permit) => running.push(permit.start(0)),
            // The next segment is being prepared; that ends by itself.
            Err(_) if scene.recorder.fill() < 0.9 => std::thread::yield_now(),
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused, Refused { denial: Denial::NotReady(NotReady::JournalFull), retry_at: None });
    assert_eq!(scene.admit(Price::Credits(5)).err(), Some(refused));
    assert_eq!(scene.used(), [0, 0], "what was taken was given back");
    let calls = running.len();
    running.into_iter().for_each(|running| running.end(ending(Charge::NOTHING)));
    assert_eq!(scene.endings().len(), calls, "room for outcomes had been kept");
}

#[test]
fn rates_are_taken_before_quotas_and_told_with_the_moment_at_which_the_call_fits() {
    let quota = world::quota(1, Scope::Account, Metric::Requests, LIMIT);
    let rate = |scope, limit| RateLimit { scope, metric: Metric::Requests, per: Per::Second, limit };
    let owner = BucketOwner::Key(world::call(1).key);
    let account = BucketOwner::Account(world::call(1).account, "football".parse().expect("a name"));
    let Scene { meter, recorder, shelf, .. } = scene();
    let limits = meter.limits([quota], [(account, rate(Scope::Account, 100)), (owner.clone(), rate(Scope::Key, 2))]);
    let scene = Scene { meter, recorder, limits, shelf };
    for _ in 0..2 {
        scene.admit(Price::Credits(1)).expect("two at once").start(0).end(ending(Charge::NOTHING));
    }
    let refused = Refused { denial: Denial::RateLimited(Scope::Key), retry_at: Some(world::now().plus(500_000)) };
    assert_eq!(scene.admit(Price::Credits(1)).err(), Some(refused));
    assert_eq!(scene.used(), [2], "a call that is too fast costs nothing");
    let left: Vec<_> = scene.limits.rates(world::steady()).map(|usage| (usage.rate.scope, usage.left)).collect();
    assert_eq!(left, [(Scope::Key, 0), (Scope::Account, 98)]);

    // An edit of the limit does not fill the bucket.
    let limits = scene.meter.limits([quota], [(owner, rate(Scope::Key, 4))]);
    assert_eq!(limits.rates(world::steady()).map(|usage| usage.left).collect::<Vec<_>>(), [0]);
    world::pass(500_000);
    assert!(scene.admit(Price::Credits(1)).is_ok());
}
