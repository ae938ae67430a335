//! A connection over which nothing is said gives its memory back, and its caller notices nothing: requests of all kinds, before
//! and after a pause, are read, answered and recorded as without one.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use socket2::{Domain, Socket, Type};

use crate::{
    upstream::{Upstream, ok},
    world::{Plan, World},
};

/// Longer than what makes a connection rest.
const PAUSE: Duration = Duration::from_millis(1_600);

fn plain(world: &World, name: &str) -> String {
    world.request(&format!("GET /football/{name}"), "", "")
}

/// Chunks are for hyper.
fn odd(world: &World, name: &str) -> String {
    format!(
        "POST /football/{name} HTTP/1.1\r\nhost: gate\r\nx-api-key: {}\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        world.value
    )
}

#[test]
fn requests_before_and_after_a_pause_are_answered_on_one_connection() {
    for fast_path in [true, false] {
        let upstream = Upstream::start(|seen| ok(&format!("{} {}", seen.target(), seen.body.len())));
        let world = Plan { fast_path, ..Plan::open(upstream.url()) }.start();
        let mut caller = world.caller();
        for (number, (name, is_odd)) in [("a", true), ("b", false), ("c", true)].into_iter().enumerate() {
            if number > 0 {
                std::thread::sleep(PAUSE);
            }
            let (request, length) = if is_odd { (odd(&world, name), 3) } else { (plain(&world, name), 0) };
            let answer = caller.ask(request);
            assert_eq!((answer.status, answer.text()), (200, &*format!("/v3/{name} {length}")), "{fast_path}");
        }
        assert_eq!(world.rows().len(), 3, "{fast_path}");
    }
}

#[test]
fn a_head_that_began_before_the_pause_is_read_to_its_end() {
    let upstream = Upstream::start(|seen| {
        // The second head's beginning is with hyper while this is answered.
        std::thread::sleep(Duration::from_millis(100));
        ok(seen.target())
    });
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    let next = odd(&world, "next");
    let (beginning, rest) = next.split_at(20);
    let answer = caller.ask(odd(&world, "first") + beginning);
    assert_eq!(answer.text(), "/v3/first");
    std::thread::sleep(PAUSE);
    assert_eq!(caller.ask(rest).text(), "/v3/next");
    assert_eq!(upstream.seen().len(), 2);
}

#[test]
fn a_length_said_twice_is_noticed_after_a_pause_too() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    assert_eq!(caller.ask(odd(&world, "a")).status, 200);
    std::thread::sleep(PAUSE);
    let double = odd(&world, "b").replace("transfer-encoding", "content-length: 3\r\ntransfer-encoding");
    assert_eq!(caller.ask(double).status, 400);
    assert_eq!(upstream.seen().len(), 1);
}

#[test]
fn an_answer_that_is_taken_late_comes_whole() {
    let upstream = Upstream::start(|seen| ok(&"~".repeat(seen.target()[4..].parse().expect("a length"))));
    let world = Plan { fast_path: false, ..Plan::open(upstream.url()) }.start();
    // The system's buffers hold some 3 MB. Of some of these answers the end lies in hyper's buffer when they are full: the
    // request is over, and its answer is not sent.
    let lengths = (48..=84).map(|number| number * 48 * 1024);
    let mut waiting: Vec<_> = lengths.map(|length| (length, narrow_caller(&world))).collect();
    for (length, caller) in &mut waiting {
        caller.write_all(plain(&world, &length.to_string()).as_bytes()).expect("the gateway reads");
    }
    std::thread::sleep(PAUSE);
    for (length, caller) in &mut waiting {
        caller.write_all(world.request("GET /football/1", "connection: close\r\n", "").as_bytes()).expect("it reads");
        let mut answers = String::new();
        caller.read_to_string(&mut answers).expect("both answers");
        assert_eq!(answers.matches('~').count(), *length + 1, "{length}");
    }
}

/// A connection whose caller takes little ahead.
fn narrow_caller(world: &World) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.set_recv_buffer_size(4 * 1024).expect("a socket");
    socket.connect(&world.address().into()).expect("the gateway accepts");
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket");
    stream
}

#[test]
fn a_resting_connection_is_closed_when_the_gateway_stops() {
    for fast_path in [true, false] {
        let upstream = Upstream::saying("x");
        let mut world = Plan { fast_path, ..Plan::open(upstream.url()) }.start();
        let mut caller = world.caller();
        assert_eq!(caller.ask(odd(&world, "a")).status, 200);
        std::thread::sleep(PAUSE);
        world.stop();
        assert!(caller.is_closed(), "{fast_path}");
    }
}
