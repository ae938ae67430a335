//! Promise P1 on the real binary: a quota is never exceeded, not by one unit, and every attempt is in the log.

use std::time::Duration;

use testbed::{caller::Caller, counting::Counting};

use crate::{
    terminal::Terminal,
    world::{World, WorldOptions, wait},
};

const QUOTA: u64 = 10_000;
const ATTEMPTS: u64 = 60_000;
const THREADS: u64 = 8;
const KEYS: usize = 6;

#[test]
fn eight_threads_with_six_keys_share_a_daily_quota_to_the_unit() {
    share(Terminal::on_sqlite);
}

#[test]
fn the_same_on_postgresql() {
    share(Terminal::on_postgres);
}

fn share(store: fn() -> Terminal) {
    let upstream = Counting::start(Duration::ZERO);
    let mut world =
        World::prepare(WorldOptions { rest: Some(upstream.url()), requests_a_day: QUOTA, store, ..Default::default() });
    let values: Vec<_> = (0..KEYS).map(|n| world.new_key(&format!("Key {n}"), &["--shared"])).collect();
    world.serve(&[]);
    let (served, denied) = attempt(&world.rest_url(), &values);
    assert_eq!(served, QUOTA, "answered by the upstream");
    assert_eq!(denied, ATTEMPTS - QUOTA, "denied with 429");
    assert_eq!(upstream.seen().len() as u64, QUOTA, "what the upstream itself saw");
    wait("every attempt is in the log", || world.totals()["calls"] == ATTEMPTS);
    assert_eq!(world.totals()["requests"], QUOTA, "charged");
    world.audit();
    world.end();
    world.audit();
    let totals = world.totals();
    assert_eq!((&totals["calls"], &totals["requests"]), (&ATTEMPTS.into(), &QUOTA.into()));
}

/// All attempts, over kept connections; how many were answered with 200 and with 429.
fn attempt(url: &str, values: &[String]) -> (u64, u64) {
    let attempts = |thread: u64| {
        let mut caller = Caller::connect(url).expect("the gateway listens");
        let (mut served, mut denied) = (0, 0);
        for attempt in 0..ATTEMPTS / THREADS {
            let value = &values[(thread + attempt) as usize % values.len()];
            match caller.get("/units", &[("x-api-key", value)]).expect("an answer") {
                200 => served += 1,
                429 => denied += 1,
                other => panic!("status {other}"),
            }
        }
        (served, denied)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || attempts(thread))).collect();
        let counts = threads.into_iter().map(|thread| thread.join().expect("a caller's thread"));
        counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1))
    })
}
