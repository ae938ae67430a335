//! What threads can do to each other between a look and a take, put in order by hand.

use domain::{
    lease::{Answer, Ask},
    quota::{Metric, Scope},
    time::DAY,
};

use super::*;
use crate::meter::tests::world::{self, MIDNIGHT};

const LIMIT: u64 = 1_000;

/// A counter whose ledger has given it so many units of today.
fn counter(units: u64) -> Counter {
    let counter = Counter::new(world::quota(1, Scope::Account, Metric::Requests, LIMIT));
    draw(&counter, MIDNIGHT, units);
    counter
}

/// Moves to the window of `time` and draws units of it.
fn draw(counter: &Counter, time: Timestamp, units: u64) {
    counter.attend(time, 0);
    answer(counter, |ask| Answer::Granted { granted: ask.known + units, left: LIMIT, limit: LIMIT });
}

fn answer(counter: &Counter, answer: impl Fn(&Ask) -> Answer) {
    counter.desk().want_current(0);
    let mut asks = Vec::new();
    counter.asks(1, 0, &mut asks);
    assert_eq!(asks.len(), 1);
    counter.hear(&asks[0], Ok(answer(&asks[0])), 0);
}

fn in_hand(counter: &Counter) -> u64 {
    counter.look().word.balance()
}

#[test]
fn a_thread_that_looked_before_the_roll_over_takes_nothing_after_it() {
    let counter = counter(10);
    let old = counter.look().word.tag();
    draw(&counter, MIDNIGHT.plus(DAY), 7);
    assert_eq!(counter.take(old, 1, false), None);
    assert_eq!(in_hand(&counter), 7);
}

#[test]
fn what_comes_back_after_the_roll_over_stays_with_the_old_window() {
    type Back = fn(&Counter, Tag);
    let ways: [(&str, Back); 3] = [
        ("undone", |counter, old| counter.undo(old, 4)),
        ("settled", |counter, old| counter.settle(old)),
        ("restored", |counter, old| counter.restore(old, MIDNIGHT, 4)),
    ];
    for (name, back) in ways {
        let counter = counter(10);
        let old = counter.look().word.tag();
        assert_eq!(counter.take(old, 4, true), Some(6));
        draw(&counter, MIDNIGHT.plus(DAY), 7);
        let before = counter.look().word;
        back(&counter, old);
        assert_eq!(counter.look().word, before, "{name}");
        assert_eq!(counter.charged(old, MIDNIGHT.plus(5)).window, MIDNIGHT, "{name}: its row names its own window");
    }
}

#[test]
fn a_refused_lease_takes_nothing_back() {
    let counter = counter(10);
    let old = counter.look().word.tag();
    counter.take(old, 4, false).expect("enough is in hand");
    answer(&counter, |_| Answer::Refused);
    counter.restore(old, MIDNIGHT, 4);
    assert_eq!(in_hand(&counter), 0);
}

#[test]
fn while_a_take_may_be_undone_an_empty_counter_is_not_used_up() {
    let exhausted = |_: &Ask| Answer::Exhausted { left: 0, elsewhere: 0, limit: LIMIT };
    let counter = counter(1);
    let tag = counter.look().word.tag();
    counter.take(tag, 1, true).expect("the last unit");
    answer(&counter, exhausted);
    assert_eq!(counter.short(tag, 1, false, 0), (Short::Again, false));

    counter.undo(tag, 1);
    assert_eq!(counter.short(tag, 1, false, 0), (Short::Again, false), "it came back");
    counter.take(tag, 1, true).expect("the last unit");
    counter.settle(tag);
    let window = Window { start: MIDNIGHT, end: MIDNIGHT.plus(DAY) };
    assert_eq!(counter.short(tag, 1, false, 0), (Short::Exhausted(window), false));
}

#[test]
fn units_under_way_come_back_to_a_lease_that_gave_the_rest_back() {
    let counter = counter(10);
    let tag = counter.look().word.tag();
    counter.take(tag, 4, true).expect("enough is in hand");
    let mut returns = Vec::new();
    counter.give_back(true, 0, &mut returns);
    assert_eq!(returns.iter().map(|(_, returned)| *returned).collect::<Vec<_>>(), [6]);
    counter.undo(tag, 4);
    assert_eq!((in_hand(&counter), counter.look().word.tentative()), (4, 0));
}
