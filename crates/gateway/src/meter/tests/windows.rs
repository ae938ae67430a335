//! Windows roll over, clocks are set, leases are drawn ahead.

use domain::{
    call::Charge,
    decision::Denial,
    lease::{Answer, CounterId},
    quota::{Metric, Scope},
    time::{DAY, SECOND, Timestamp},
};

use super::world::{self, Ledger, MIDNIGHT};
use crate::meter::{GiveBack, Limits, Meter, Refused, Take};

const ONE: Charge = Charge::priced(1);

/// Takes until something else than units comes; answers asks at once.
fn serve(meter: &Meter, limits: &Limits, ledger: &Ledger, at_most: u64) -> (u64, Option<Refused>) {
    let mut served = 0;
    while served < at_most {
        match meter.take(limits, ONE, world::now(), world::steady()) {
            Take::Taken(_) => served += 1,
            Take::Denied(refused) => return (served, Some(refused)),
            Take::Wait(_) => {
                world::pass(60_000);
                ledger.answer(meter);
            }
        }
    }
    (served, None)
}

#[test]
fn a_lease_of_the_old_window_serves_no_call_of_the_new_one() {
    world::set_wall(MIDNIGHT.plus(DAY - SECOND));
    let quota = world::quota(1, Scope::Account, Metric::Requests, 100);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    assert_eq!(serve(&meter, &limits, &ledger, 10), (10, None));

    let Take::Taken(before) = meter.take(&limits, ONE, world::now(), world::steady()) else {
        panic!("units are in hand")
    };
    let tomorrow = MIDNIGHT.plus(DAY);
    world::set_wall(tomorrow);
    assert!(matches!(meter.take(&limits, ONE, tomorrow, world::steady()), Take::Wait(_)), "nothing was drawn ahead");
    limits.restore(&before, ONE);
    assert!(matches!(meter.take(&limits, ONE, tomorrow, world::steady()), Take::Wait(_)), "a refund is of yesterday");

    let (served, refused) = serve(&meter, &limits, &ledger, 1_000);
    assert_eq!(served, 100);
    let retry_at = Some(tomorrow.plus(DAY));
    assert_eq!(refused, Some(Refused { denial: Denial::QuotaExhausted(Scope::Account), retry_at }));
}

#[test]
fn the_next_window_is_drawn_ahead_for_counters_in_use() {
    world::set_wall(MIDNIGHT.plus(DAY - 31 * SECOND));
    let quota = world::quota(1, Scope::Account, Metric::Requests, 100_000);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    assert_eq!(serve(&meter, &limits, &ledger, 5), (5, None));
    assert!(meter.due_asks().is_empty());

    world::pass(2 * SECOND);
    assert_eq!(serve(&meter, &limits, &ledger, 1), (1, None));
    let asks = meter.due_asks();
    assert_eq!(asks.iter().map(|ask| ask.counter.window).collect::<Vec<_>>(), [MIDNIGHT.plus(DAY)]);
    meter.answer(asks.into_iter().map(|ask| (ask, Ok(ledger.grant(&ask)))).collect());

    world::set_wall(MIDNIGHT.plus(DAY));
    assert!(matches!(meter.take(&limits, ONE, world::now(), world::steady()), Take::Taken(_)), "at once");
}

#[test]
fn a_call_just_before_midnight_that_comes_after_the_roll_over_counts_in_the_new_day() {
    let quota = world::quota(1, Scope::Account, Metric::Requests, 100_000);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    world::set_wall(MIDNIGHT.plus(DAY));
    serve(&meter, &limits, &ledger, 1);
    let late = MIDNIGHT.plus(DAY - 3);
    let Take::Taken(taken) = meter.take(&limits, ONE, late, world::steady()) else { panic!("units are in hand") };
    assert_eq!(taken.time(), MIDNIGHT.plus(DAY), "its time is moved into the window that it is charged in");
    let counted: Vec<_> = limits.counted_of(&taken).map(|counted| counted.counter.window).collect();
    assert_eq!(counted, [MIDNIGHT.plus(DAY)]);
}

#[test]
fn a_clock_that_is_set_forward_and_back_finds_the_same_lease_again() {
    let quota = world::quota(1, Scope::Account, Metric::Requests, 50);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    world::set_wall(MIDNIGHT.plus(DAY / 2));
    assert_eq!(serve(&meter, &limits, &ledger, 20).0, 20);
    world::set_wall(MIDNIGHT.plus(700 * DAY));
    assert_eq!(serve(&meter, &limits, &ledger, 20).0, 20);
    world::set_wall(MIDNIGHT.plus(DAY / 2));
    assert_eq!(serve(&meter, &limits, &ledger, 1_000).0, 30, "what was spent today is not forgotten");
    world::set_wall(MIDNIGHT.plus(700 * DAY));
    assert_eq!(serve(&meter, &limits, &ledger, 1_000).0, 30);
}

#[test]
fn what_the_ledger_refuses_is_dropped_and_asked_anew_without_forgetting_what_was_granted() {
    let quota = world::quota(1, Scope::Account, Metric::Requests, 10_000);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    assert_eq!(serve(&meter, &limits, &ledger, 6), (6, None));
    let refused = meter.due_asks().into_iter().map(|ask| (ask, Ok(Answer::Refused))).collect::<Vec<_>>();
    assert_eq!(refused.len(), 1, "a refill was due");
    let known = refused[0].0.known;
    meter.answer(refused);

    let unavailable = Refused { denial: Denial::QuotaUnavailable, retry_at: None };
    assert!(matches!(meter.take(&limits, ONE, world::now(), world::steady()), Take::Denied(is) if is == unavailable));
    world::pass(2 * SECOND);
    assert!(matches!(meter.take(&limits, ONE, world::now(), world::steady()), Take::Wait(_)));
    let asks = meter.due_asks();
    assert_eq!(asks.iter().map(|ask| ask.known).collect::<Vec<_>>(), [known]);
}

#[test]
fn a_raised_limit_is_used_at_once_and_units_that_others_return_within_a_second() {
    let mut quota = world::quota(1, Scope::Key, Metric::Requests, 5);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    let counter = CounterId { quota: quota.id, window: quota.window(world::now()).start };
    ledger.take_elsewhere(counter, 5, 2);
    assert_eq!(serve(&meter, &limits, &ledger, 100).0, 3);

    quota.limit = 9;
    ledger.set_limit(quota.id, 9);
    let limits = meter.limits([quota], []);
    assert_eq!(serve(&meter, &limits, &ledger, 100).0, 4);

    ledger.give_back_elsewhere(counter, 2);
    assert_eq!(serve(&meter, &limits, &ledger, 100).0, 0, "the ledger's word holds for a second");
    world::pass(SECOND + 1);
    assert_eq!(serve(&meter, &limits, &ledger, 100).0, 2);
}

#[test]
fn units_go_back_at_a_stop_and_when_they_lie_idle_near_the_end() {
    let quota = world::quota(1, Scope::Account, Metric::Requests, 1_000);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    let counter = CounterId { quota: quota.id, window: quota.window(world::now()).start };
    ledger.take_elsewhere(counter, 1_000, 900);
    assert_eq!(serve(&meter, &limits, &ledger, 70), (70, None));
    let out = ledger.granted(quota.id);
    assert!(out > 970, "some are in hand");
    ledger.take_back(&meter, GiveBack::Idle);
    assert_eq!(ledger.granted(quota.id), out, "not idle yet");
    world::pass(6 * SECOND);
    ledger.take_back(&meter, GiveBack::Idle);
    assert_eq!(ledger.granted(quota.id), 970);

    assert_eq!(serve(&meter, &limits, &ledger, 10), (10, None));
    ledger.take_back(&meter, GiveBack::All);
    assert_eq!(ledger.granted(quota.id), 980);
    assert!(meter.give_back(GiveBack::All).is_empty(), "what was confirmed is not sent again");
}

#[test]
fn a_counter_that_nobody_names_any_more_is_forgotten_after_its_window() {
    let quota = world::quota(1, Scope::Key, Metric::Requests, 10);
    let (meter, ledger) = (Meter::new(world::CLOCK), Ledger::new(&[quota]));
    let limits = meter.limits([quota], []);
    assert_eq!(serve(&meter, &limits, &ledger, 4).0, 4);
    drop(limits);
    meter.forget_unused(world::now());
    let limits = meter.limits([quota], []);
    assert_eq!(serve(&meter, &limits, &ledger, 100).0, 6, "within its window it is not");
    drop(limits);
    meter.forget_unused(Timestamp::FAR);
    assert!(meter.counters.lock().expect("no panic").is_empty());
}
