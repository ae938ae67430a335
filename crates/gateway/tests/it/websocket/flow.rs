//! Flow: fragments, control frames between them, long messages, and sides that do not read.

use std::time::{Duration, Instant};

use domain::request_log::Outcome;
use websocket::{
    frame::{self, Opcode},
    reader::Event,
};

use super::{call, peers::*, plan, result, world};
use crate::world::outcomes;

#[test]
fn a_message_in_pieces_with_pings_between_is_one() {
    let upstream = SocketUpstream::answering();
    let world = world(&upstream);
    let mut caller = connect(&world);
    let text = call("1", "eth_chainId");
    let mut bytes = Vec::new();
    for (place, byte) in text.bytes().enumerate() {
        let (opcode, last) = (u8::from(place == 0), u8::from(place + 1 == text.len()) << 7);
        bytes.extend([last | opcode, 0x81, 0, 0, 0, 0, byte]);
        if place % 10 == 0 {
            frame::write(&mut bytes, Opcode::Ping, &[byte], Some([9; 4]));
        }
    }
    // Cut anywhere, as the network may.
    for part in bytes.chunks(5) {
        caller.raw(part);
    }
    for place in (0..text.len()).step_by(10) {
        assert_eq!(caller.next(), Some(Event::Pong(vec![text.as_bytes()[place]])));
    }
    assert_eq!(caller.text(), result("1", "eth_chainId"));
    assert_eq!(upstream.texts(), [text]);
}

#[test]
fn long_messages_pass_both_ways() {
    let upstream = SocketUpstream::start(|text| {
        let long = format!(r#"{{"jsonrpc":"2.0","id":1,"result":"{}"}}"#, "y".repeat(text.len()));
        vec![Deed::Say(long)]
    });
    let world = world(&upstream);
    let mut caller = connect(&world);
    let text = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"a","params":["{}"]}}"#, "x".repeat(7 << 20));
    caller.say(&text);
    assert_eq!(caller.text().len(), text.len() + r#"{"jsonrpc":"2.0","id":1,"result":""}"#.len());
    assert_eq!(upstream.texts(), [text]);
}

#[test]
fn a_longer_message_than_the_body_limit_is_1009() {
    let upstream = SocketUpstream::answering();
    let plan = crate::world::Plan { change: |apis| apis[1].body_limit = 1_000, ..plan(&upstream) };
    let world = plan.start();
    let mut caller = connect(&world);
    caller.say(&"x".repeat(1_001));
    assert_eq!(caller.close().map(|(code, _)| code), Some(1009));
}

/// News of a subscription, of about 8 KiB.
fn news() -> String {
    let padding = "z".repeat(8 << 10);
    format!(r#"{{"jsonrpc":"2.0","method":"eth_subscription","params":{{"subscription":"0x1","result":"{padding}"}}}}"#)
}

/// How much an upstream can push before it is stopped, in messages of 8 KiB.
fn pushed(upstream: &SocketUpstream, most: usize) -> usize {
    upstream.stalls_after(&news(), most)
}

#[test]
fn a_slow_reader_stops_the_upstream_and_gets_everything_later() {
    const MOST: usize = 20_000;
    let upstream = SocketUpstream::answering();
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "a"));
    caller.text();
    let count = pushed(&upstream, MOST);
    assert!(count < MOST, "{count} messages, 160 MB, went somewhere");
    let news = news();
    for number in 0..count {
        assert_eq!(caller.text(), news, "{number}");
    }
    drop(caller);
    let rows = world.rows();
    let counted: u64 = rows.iter().filter(|row| row.method == "eth_subscription").map(|row| row.count).sum();
    assert_eq!(counted, count as u64);
}

#[test]
fn who_reads_nothing_for_long_is_left() {
    let upstream = SocketUpstream::answering();
    let mut plan = plan(&upstream);
    plan.time_outs.progress = Duration::from_millis(500);
    plan.time_outs.linger = Duration::from_millis(500);
    let world = plan.start();
    let mut caller = connect(&world);
    caller.say(&call("1", "a"));
    caller.text();
    pushed(&upstream, 20_000);
    let began = Instant::now();
    until("the upstream is told", || matches!(upstream.events().last(), Some(Event::Close(_))));
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(caller);
    assert!(outcomes(&world.rows()).iter().all(|outcome| *outcome == Outcome::Answered));
}

#[test]
fn an_upstream_that_does_not_read_stops_the_caller() {
    let upstream = SocketUpstream::start(|_| vec![Deed::Wait(Duration::from_secs(3))]);
    let world = world(&upstream);
    let caller = connect(&world);
    caller.stream().set_write_timeout(Some(Duration::from_millis(500))).expect("a socket");
    let mut bytes = Vec::new();
    let text = format!(r#"{{"jsonrpc":"2.0","method":"a","params":["{}"]}}"#, "x".repeat(1 << 20));
    frame::write(&mut bytes, Opcode::Text, text.as_bytes(), Some([1; 4]));
    let mut stream = caller.stream();
    let count = (0..200).take_while(|_| std::io::Write::write_all(&mut stream, &bytes).is_ok()).count();
    assert!(count < 60, "{count} MB went somewhere");
}
