//! Many threads on one meter, with real clocks, real journals and a ledger on a thread of its own.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use domain::{
    call::Charge,
    decision::{Denial, NotReady},
    price::Price,
    quota::{Metric, Quota, Scope},
    request_log::{Ending, Outcome},
    time::{Clock, Timestamp},
};

use super::world::{self, Ledger, Shelf};
use crate::{
    meter::{Limits, Meter, Refused},
    record::{Denied, codec::Record},
};

const THREADS: usize = 8;

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
const CLOCK: Clock = Clock {
    wall: || {
        Timestamp::from_micros(SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros() as i64)
    },
    steady: || STARTED.elapsed().as_micros() as i64,
};

/// What one thread found in its journal at the end.
#[derive(Default)]
struct Tally {
    intents: u64,
    refunded: u64,
    outcomes: u64,
    denied: u64,
    exhausted: u64,
    by_scope: [u64; 3],
}

/// Every thread makes its share of the attempts on the limits that `choose` names for each; the tallies of all are added up.
fn storm(
    meter: &Arc<Meter>,
    ledger: &Ledger,
    each: usize,
    refund_every: usize,
    choose: impl Fn(usize, usize) -> Arc<Limits> + Sync,
) -> Tally {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let answers = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                ledger.answer(meter);
                std::thread::yield_now();
            }
        });
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (meter, choose) = (meter, &choose);
                scope.spawn(move || attempts(meter, each, refund_every, |attempt| choose(thread, attempt)))
            })
            .collect();
        let tallies: Vec<_> = threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        over.store(true, Ordering::Relaxed);
        answers.join().expect("the ledger does not panic");
        let mut sum = Tally::default();
        for tally in tallies {
            let tally = tally.expect("no thread panics");
            sum.intents += tally.intents;
            sum.refunded += tally.refunded;
            sum.outcomes += tally.outcomes;
            sum.denied += tally.denied;
            sum.exhausted += tally.exhausted;
            (0..3).for_each(|scope| sum.by_scope[scope] += tally.by_scope[scope]);
        }
        sum
    })
}

/// One gateway thread: admits, ends or refunds, and records what was denied. Its tally is read back from its journal.
fn attempts(meter: &Meter, each: usize, refund_every: usize, choose: impl Fn(usize) -> Arc<Limits>) -> Tally {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime can be made");
    let (shelf, recorder) = Shelf::small(CLOCK);
    let mut tally = Tally::default();
    runtime.block_on(async {
        let mut attempt = 0;
        while attempt < each {
            attempt += 1;
            let call = world::call(attempt as u128 % 5);
            let (now, steady) = ((CLOCK.wall)(), (CLOCK.steady)());
            match meter.admit(&recorder, &choose(attempt), Price::Credits(1), &call, now, steady).await {
                Ok(permit) if refund_every > 0 && attempt % refund_every == 0 => drop(permit),
                Ok(permit) => permit.start(steady).end(answered()),
                // The writer outran the disk; that ends by itself, and is no attempt.
                Err(Refused { denial: Denial::NotReady(NotReady::JournalFull), .. }) => {
                    attempt -= 1;
                    std::thread::yield_now();
                }
                Err(Refused { denial, retry_at }) => {
                    assert!(matches!(denial, Denial::QuotaExhausted(_)), "{denial:?}");
                    assert!(retry_at.is_some_and(|moment| moment > now));
                    let denied = Denied { denial, status: 429, rpc_error: None, latency: 1, bytes_in: 0, bytes_out: 0 };
                    recorder.denied(&call, now, &denied);
                }
            }
        }
    });
    drop(recorder);
    for record in shelf.records() {
        match record {
            Record::Intent(_) => tally.intents += 1,
            Record::Whole(row) => {
                tally.denied += row.count;
                if let Some(Denial::QuotaExhausted(scope)) = row.denial {
                    tally.exhausted += row.count;
                    tally.by_scope[scope as usize] += row.count;
                }
            }
            Record::Outcome { ending, .. } => {
                tally.outcomes += 1;
                tally.refunded += u64::from(ending.refund.requests);
            }
        }
    }
    tally
}

fn answered() -> Ending {
    Ending {
        outcome: Outcome::Answered,
        denial: None,
        status: 200,
        rpc_error: None,
        refund: Charge::NOTHING,
        latency: 10,
        upstream_latency: 8,
        attempts: 1,
        upstream: Some(0),
        bytes_in: 0,
        bytes_out: 2,
    }
}

/// A quota that no midnight interrupts.
fn quota(number: u128, scope: Scope, limit: u64) -> Quota {
    world::quota(number, scope, Metric::Requests, limit)
}

/// Waits for a moment from which no test here reaches midnight.
fn not_at_midnight() {
    let until_midnight = || 86_400_000_000 - (CLOCK.wall)().micros().rem_euclid(86_400_000_000);
    while until_midnight() < 60_000_000 {
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}

#[test]
fn of_60_000_attempts_at_a_quota_of_10_000_exactly_10_000_are_served_and_all_are_logged() {
    not_at_midnight();
    let quota = quota(1, Scope::Account, 10_000);
    let (meter, ledger) = (Arc::new(Meter::new(CLOCK)), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    let tally = storm(&meter, &ledger, 60_000 / THREADS, 0, |_, _| Arc::clone(&limits));
    assert_eq!((tally.intents, tally.outcomes, tally.denied, tally.exhausted), (10_000, 10_000, 50_000, 50_000));
}

#[test]
fn with_refunds_the_quota_is_still_used_up_exactly() {
    not_at_midnight();
    let quota = quota(1, Scope::Account, 3_000);
    let (meter, ledger) = (Arc::new(Meter::new(CLOCK)), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    let tally = storm(&meter, &ledger, 4_000, 7, |_, _| Arc::clone(&limits));
    assert!(tally.refunded > 0);
    assert_eq!(tally.intents - tally.refunded, 3_000);
    assert_eq!(tally.outcomes, tally.intents);
    assert_eq!(tally.intents + tally.denied, 8 * 4_000);
}

#[test]
fn account_member_and_key_are_each_exact_while_takes_are_undone() {
    not_at_midnight();
    let account = quota(1, Scope::Account, 10_000);
    let members = [quota(2, Scope::Member, 6_000), quota(3, Scope::Member, 6_000)];
    let keys = [4, 5, 6, 7].map(|number| quota(number, Scope::Key, 3_000));
    let all: Vec<_> = [account].into_iter().chain(members).chain(keys).collect();
    let (meter, ledger) = (Arc::new(Meter::new(CLOCK)), Ledger::new(&all));
    let combinations: Vec<_> = (0..4).map(|key| meter.limits([keys[key], members[key % 2], account], [])).collect();
    let tally =
        storm(&meter, &ledger, 5_000, 0, |thread, attempt| Arc::clone(&combinations[(thread * 3 + attempt * 7) % 4]));
    assert_eq!(tally.intents, 10_000, "the account's quota is used up, and no other");
    assert_eq!(tally.denied, 8 * 5_000 - 10_000);

    let used = |place: usize| combinations[place].usage((CLOCK.wall)()).map(|usage| usage.used).collect::<Vec<_>>();
    let by_key: u64 = (0..4).map(|key| used(key)[0]).sum();
    let by_member: u64 = (0..2).map(|member| used(member)[1]).sum();
    assert!(by_key >= 10_000 && by_member >= 10_000 && used(0)[2] == 10_000);
    for key in 0..4 {
        assert!(used(key)[0] <= 3_000 && used(key)[1] <= 6_000);
    }
}

#[test]
fn tight_counters_under_undo_serve_every_unit() {
    not_at_midnight();
    // Each key alone is too small and so is the account: every last unit is fought over, on all levels at once.
    for round in 0..40u128 {
        let account = quota(100 + round * 10, Scope::Account, 50);
        let keys = [1, 2, 3].map(|number| quota(100 + round * 10 + number, Scope::Key, 17));
        let all: Vec<_> = [account].into_iter().chain(keys).collect();
        let (meter, ledger) = (Arc::new(Meter::new(CLOCK)), Ledger::new(&all));
        let combinations: Vec<_> = keys.iter().map(|key| meter.limits([*key, account], [])).collect();
        let tally = storm(&meter, &ledger, 30, 0, |thread, attempt| Arc::clone(&combinations[(thread + attempt) % 3]));
        assert_eq!(tally.intents, 50, "round {round}: 51 units of keys, 50 of the account, 80 attempts on each key");
    }
}
