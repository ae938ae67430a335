//! Stopping under load: whoever got an answer has a row, and no call in flight is lost.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use domain::request_log::Outcome;

use crate::{
    upstream::{Upstream, ok},
    world::{Plan, outcomes},
};

#[test]
fn a_gateway_stops_without_losing_a_call() {
    let upstream = Upstream::start(|_| {
        std::thread::sleep(Duration::from_millis(3));
        ok("x")
    });
    let mut world = Plan { threads: 2, ..Plan::open(upstream.url()) }.start();
    let request = world.request("GET /football/a", "", "");
    let (address, answered) = (world.address(), AtomicU64::new(0));
    let last_answers = std::thread::scope(|scope| {
        let call = || {
            let mut caller = crate::caller::Caller::connect(address);
            loop {
                let answer = caller.ask(&request);
                assert_eq!(answer.status, 200);
                answered.fetch_add(1, Ordering::Relaxed);
                if answer.header("connection") == Some("close") {
                    return true;
                }
            }
        };
        let callers: Vec<_> = (0..8).map(|_| scope.spawn(call)).collect();
        while answered.load(Ordering::Relaxed) < 200 {
            std::thread::sleep(Duration::from_millis(5));
        }
        world.stop();
        callers.into_iter().map(|caller| caller.join().expect("no call is lost")).filter(|told| *told).count()
    });
    assert_eq!(last_answers, 8, "each caller is told that its answer is the last");
    let rows = world.rows();
    assert_eq!(rows.len() as u64, answered.load(Ordering::Relaxed));
    assert_eq!(upstream.seen().len(), rows.len());
    assert!(outcomes(&rows).iter().all(|outcome| *outcome == Outcome::Answered));
}

#[test]
fn what_does_not_end_in_time_is_cut_and_logged() {
    let upstream = Upstream::start(|_| crate::upstream::Action::Wait(Duration::from_secs(8)));
    let mut plan = Plan::open(upstream.url());
    plan.time_outs.stop = Duration::from_millis(900);
    let mut world = plan.start();
    let mut caller = world.caller();
    caller.send(world.request("GET /football/a", "", ""));
    while upstream.seen().is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    world.stop();
    assert!(caller.answer().is_err());
    assert_eq!(outcomes(&world.rows()), [Outcome::Abandoned]);
}
