//! Ends: the close codes in both directions, and what becomes of calls that still run.

use std::time::{Duration, Instant};

use domain::{
    decision::Denial,
    policy::PolicyChange,
    request_log::{Outcome, RowState},
};
use websocket::{frame::Opcode, reader::Event};

use super::{call, peers::*, plan, result, world};
use crate::world::{ending, outcomes};

fn closed_with(code: u16, reason: &str) -> Option<(u16, String)> {
    Some((code, reason.to_owned()))
}

fn last_close(upstream: &SocketUpstream) -> Option<(u16, String)> {
    until("the upstream hears of the end", || matches!(upstream.events().last(), Some(Event::Close(_))));
    let Some(Event::Close(close)) = upstream.events().pop() else { panic!("no close") };
    close.map(|close| (close.code, close.reason))
}

#[test]
fn a_close_of_the_caller_goes_up_and_comes_back() {
    let upstream = SocketUpstream::start(|_| Vec::new());
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "slow"));
    until("the call arrives", || upstream.texts().len() == 1);
    caller.say_close(4001, "bye");
    assert_eq!(caller.close(), closed_with(4001, "bye"));
    assert_eq!(caller.next(), None, "the server closes the connection");
    assert_eq!(last_close(&upstream), closed_with(4001, "bye"));
    assert_eq!(outcomes(&world.rows()), [Outcome::Abandoned]);
}

#[test]
fn a_close_of_the_upstream_comes_down() {
    let upstream = SocketUpstream::start(|_| vec![Deed::Close(4002, "no more")]);
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "a"));
    assert_eq!(caller.close(), closed_with(4002, "no more"));
    drop(caller);
    let rows = world.rows();
    assert_eq!((outcomes(&rows), ending(&rows[0]).denial), (vec![Outcome::Failed], Some(Denial::UpstreamIncomplete)));
}

#[test]
fn what_the_upstream_may_not_do_is_1011_for_the_caller() {
    let masked = vec![0x81, 0x80, 1, 2, 3, 4];
    let deeds: [fn(Vec<u8>) -> Deed; 6] = [
        |_| Deed::Die,
        Deed::Raw,
        |_| Deed::Raw(vec![0x82, 1, 1]),
        |_| Deed::Raw(vec![0x81, 1, 0xff]),
        |_| Deed::Say("no JSON".to_owned()),
        |_| Deed::Raw(vec![0x81, 127, 0, 0, 0, 0, 0xff, 0, 0, 0]),
    ];
    for (number, deed) in deeds.into_iter().enumerate() {
        let masked = masked.clone();
        let upstream = SocketUpstream::start(move |_| vec![deed(masked.clone())]);
        let world = world(&upstream);
        let mut caller = connect(&world);
        caller.say(&call("1", "a"));
        assert_eq!(caller.close(), closed_with(1011, "upstream_incomplete"), "{number}");
        drop(caller);
        let rows = world.rows();
        assert_eq!(ending(&rows[0]).denial, Some(Denial::UpstreamIncomplete), "{number}");
        assert_eq!(outcomes(&rows), [Outcome::Failed], "{number}");
    }
}

#[test]
fn what_the_caller_may_not_do_has_its_code() {
    let cases: &[(&[u8], u16)] = &[
        (&[0x81, 0x01, b'x'], 1002),
        (&[0xc1, 0x80, 0, 0, 0, 0], 1002),
        (&[0x83, 0x80, 0, 0, 0, 0], 1002),
        (&[0x09, 0x80, 0, 0, 0, 0], 1002),
        (&[0x80, 0x80, 0, 0, 0, 0], 1002),
        (&[0x82, 0x81, 0, 0, 0, 0, 0xff], 1003),
        (&[0x81, 0x81, 0, 0, 0, 0, 0xff], 1007),
        (&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed], 1002),
        (&[0x81, 0xff, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], 1009),
    ];
    for (bytes, code) in cases {
        let upstream = SocketUpstream::answering();
        let world = world(&upstream);
        let mut caller = connect(&world);
        caller.raw(bytes);
        assert_eq!(caller.close().map(|(code, _)| code), Some(*code), "{bytes:02x?}");
        drop(caller);
        assert_eq!(last_close(&upstream), closed_with(1001, ""), "{bytes:02x?}");
        assert!(world.rows().is_empty(), "no call was made");
    }
}

#[test]
fn a_stopped_value_is_1008_and_nothing_follows() {
    let upstream = SocketUpstream::start(|_| Vec::new());
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "slow"));
    until("the call arrives", || upstream.texts().len() == 1);
    world.disable_key(true);
    let began = Instant::now();
    caller.say(&call("2", "after"));
    assert_eq!(caller.close(), closed_with(1008, "key_disabled"));
    assert!(began.elapsed() < Duration::from_secs(1));
    drop(caller);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(upstream.texts().len(), 1, "after the acknowledgement nothing goes up");
    let rows = world.rows();
    assert_eq!(rows.len(), 1, "{rows:?}");
    let end = ending(&rows[0]);
    assert_eq!((end.state(), end.denial, rows[0].charge.requests), (RowState::Cut, Some(Denial::KeyDisabled), 1));
}

#[test]
fn an_idle_socket_is_closed_when_its_value_is_stopped() {
    let upstream = SocketUpstream::answering();
    let world = world(&upstream);
    let mut caller = connect(&world);
    world.apply(PolicyChange::NoValue(world.value_policy.id));
    assert_eq!(caller.close(), closed_with(1008, "unknown_key"));
}

#[test]
fn a_list_that_changed_holds_for_the_next_message() {
    let upstream = SocketUpstream::answering();
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "a"));
    assert_eq!(caller.text(), result("1", "a"));
    world.close_network();
    caller.say(&call("2", "b"));
    assert_eq!(caller.close(), closed_with(1008, "network_not_in_plan"));
    assert_eq!(upstream.texts().len(), 1);
}

#[test]
fn the_gateway_stops_with_1001_after_the_last_answer() {
    let upstream = SocketUpstream::start(|text| {
        vec![Deed::Wait(Duration::from_millis(1_200)), Deed::Say(answers(text).expect("an answer"))]
    });
    let mut world = world(&upstream);
    let mut idle = connect(&world);
    let mut busy = connect(&world);
    busy.say(&call("1", "slow"));
    until("the call arrives", || upstream.texts().len() == 1);
    let reading = std::thread::spawn(move || (idle.close(), busy.text(), busy.close()));
    world.stop();
    let (idle, answer, busy) = reading.join().expect("both are told");
    assert_eq!((idle, answer, busy), (closed_with(1001, ""), result("1", "slow"), closed_with(1001, "")));
}

#[test]
fn a_caller_who_leaves_without_a_word_abandons_its_calls() {
    let upstream = SocketUpstream::start(|_| Vec::new());
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "slow"));
    until("the call arrives", || upstream.texts().len() == 1);
    drop(caller);
    assert_eq!(last_close(&upstream), closed_with(1001, ""));
    assert_eq!(outcomes(&world.rows()), [Outcome::Abandoned]);
}

#[test]
fn silent_sides_are_asked_and_then_left() {
    let upstream = SocketUpstream::answering();
    let mut plan = plan(&upstream);
    (plan.time_outs.ping, plan.time_outs.pong) = (Duration::from_millis(500), Duration::from_millis(500));
    let world = plan.start();
    let mut caller = connect(&world);
    for _ in 0..3 {
        let Some(Event::Ping(payload)) = caller.next() else { panic!("no ping") };
        caller.frame(Opcode::Pong, &payload);
    }
    caller.say(&call("1", "a"));
    assert_eq!(caller.text(), result("1", "a"), "it lives on");
    assert!(upstream.events().iter().filter(|event| matches!(event, Event::Ping(_))).count() >= 2);
    assert!(matches!(caller.next(), Some(Event::Ping(_))));
    assert_eq!(caller.next(), None, "who does not answer is left");
    assert_eq!(last_close(&upstream), closed_with(1001, ""));
}
