//! A value that is stopped: what still runs for it is cut, what was not forwarded yet is denied, and from the acknowledgement
//! on not one byte of it reaches the upstream.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{
    call::Charge,
    decision::Denial,
    policy::{PolicyChange, ValuePolicy},
    request_log::{Outcome, RowState},
    time::SECOND,
};
use serde_json::json;

use crate::{
    caller::Caller,
    upstream::{Action, Upstream},
    world::{Plan, World, ending},
};

/// How long a ledger takes that calls have to wait for.
const SLOW: Duration = Duration::from_millis(400);
/// Long enough for a call to be where it waits.
const A_WHILE: Duration = Duration::from_millis(100);

fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The world's only row says that its call was cut by `denial`, and keeps its charge.
fn is_cut(world: World, denial: Denial) {
    let rows = world.rows();
    assert_eq!(rows.len(), 1, "{rows:?}");
    let ending = ending(&rows[0]);
    assert_eq!((ending.state(), ending.outcome), (RowState::Cut, Outcome::Failed));
    assert_eq!((ending.denial, ending.refund, rows[0].charge.requests), (Some(denial), Charge::NOTHING, 1));
}

/// The connection is reset soon: what came of an answer cannot be taken for the whole.
fn is_reset(caller: &mut Caller) {
    let began = Instant::now();
    let mut buffer = [0; 65_536];
    let ended = loop {
        match caller.stream().read(&mut buffer) {
            Ok(0) => break None,
            Ok(_) => {}
            Err(error) => break Some(error.kind()),
        }
    };
    assert_eq!(ended, Some(std::io::ErrorKind::ConnectionReset));
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_call_that_waits_for_its_answer_is_cut() {
    let upstream = Upstream::start(|_| Action::Wait(Duration::from_secs(5)));
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    caller.send(world.request("GET /football/slow", "", ""));
    until("the call arrives", || upstream.seen().len() == 1);
    world.disable_key(true);
    is_reset(&mut caller);
    is_cut(world, Denial::KeyDisabled);
}

#[test]
fn an_answer_that_still_comes_is_broken_off() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 80000000\r\n\r\n";
    let upstream = Upstream::start(|_| Action::Say([&head[..], &vec![b'x'; 80_000_000]].concat()));
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    caller.send(world.request("GET /football/long", "", ""));
    assert_eq!(caller.line().expect("a status line"), "HTTP/1.1 200 OK");
    world.apply(PolicyChange::NoValue(world.value_policy.id));
    is_reset(&mut caller);
    is_cut(world, Denial::UnknownKey);
}

#[test]
fn a_value_whose_time_ends_is_cut_without_being_told() {
    let upstream = Upstream::start(|_| Action::Wait(Duration::from_secs(8)));
    let world = Plan::open(upstream.url()).start();
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let now = domain::time::Timestamp::from_micros(since_1970.as_micros() as i64);
    let expires_at = Some(now.plus(SECOND));
    world.apply(PolicyChange::Value(ValuePolicy { expires_at, ..world.value_policy.clone() }));
    let mut caller = world.caller();
    caller.send(world.request("GET /football/slow", "", ""));
    until("the call arrives", || upstream.seen().len() == 1);
    std::thread::sleep(Duration::from_secs(1));
    is_reset(&mut caller);
    is_cut(world, Denial::KeyExpired);
}

/// Counts the bytes of one connection, and tells when it has ended.
fn count_bytes(listener: TcpListener) -> (Arc<AtomicUsize>, std::thread::JoinHandle<()>) {
    let count = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&count);
    let counting = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut buffer = [0; 65_536];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            shared.fetch_add(length, Ordering::SeqCst);
        }
    });
    (count, counting)
}

#[test]
fn not_one_byte_of_an_upload_goes_up_after_the_acknowledgement() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (count, counting) = count_bytes(listener);
    let world = Plan::open(url).start();
    let mut caller = world.caller();
    caller.send(world.request("POST /football/upload", "content-length: 1000000000\r\n", ""));
    let mut sender = caller.stream().try_clone().expect("a socket");
    let sending = std::thread::spawn(move || {
        let part = vec![b'x'; 65_536];
        // Ends when the gateway resets the connection.
        while sender.write_all(&part).is_ok() {}
    });
    until("the upload runs", || count.load(Ordering::SeqCst) > 10_000_000);
    world.disable_key(true);
    // What had arrived by then is counted, however late its reader is.
    let grown = |before: &mut usize| {
        let now = count.load(Ordering::SeqCst);
        now != std::mem::replace(before, now)
    };
    let mut before = 0;
    let began = Instant::now();
    while grown(&mut before) && began.elapsed() < SLOW {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(began.elapsed() < SLOW, "it goes on");
    sending.join().expect("the caller is reset");
    counting.join().expect("the upstream's connection is closed");
    assert!(before < 1_000_000_000);
    is_cut(world, Denial::KeyDisabled);
}

#[test]
fn a_call_whose_body_still_comes_is_denied_when_it_is_whole() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    let request = world.post(r#"{"jsonrpc":"2.0","id":1,"method":"eth_call"}"#);
    let (first, rest) = request.split_at(request.len() - 10);
    caller.send(first);
    std::thread::sleep(A_WHILE);
    world.disable_key(true);
    let answer = caller.ask(rest);
    assert_eq!(answer.json()["error"]["data"]["code"], json!("key_disabled"));
    assert!(upstream.seen().is_empty());
    let rows = world.rows();
    assert_eq!((rows[0].denial, rows[0].charge), (Some(Denial::KeyDisabled), Charge::NOTHING));
}

#[test]
fn a_call_that_waits_for_units_is_decided_on_again() {
    for (again, status, outcome) in [(false, 403, Outcome::Denied), (true, 200, Outcome::Answered)] {
        let upstream = Upstream::saying("x");
        let world = Plan { ledger_delay: SLOW, ..Plan::open(upstream.url()) }.start();
        let mut caller = world.caller();
        caller.send(world.request("GET /football/a", "", ""));
        std::thread::sleep(A_WHILE);
        world.disable_key(true);
        if again {
            world.disable_key(false);
        }
        assert_eq!(caller.answer().expect("an answer").status, status);
        assert_eq!(upstream.seen().len(), usize::from(again));
        let rows = world.rows();
        let ending = ending(&rows[0]);
        assert_eq!((rows.len(), ending.outcome, ending.state()), (1, outcome, RowState::Closed));
        assert_eq!(ending.refund, if again { Charge::NOTHING } else { rows[0].charge });
    }
}

#[test]
fn a_batch_does_not_go_up_when_it_is_stopped_between_its_calls() {
    let upstream = Upstream::saying("[]");
    let world = Plan { ledger_delay: SLOW, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    // The first is free and admitted at once, the second waits for the ledger.
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"web3_a"},{"jsonrpc":"2.0","id":2,"method":"eth_call"}]"#;
    caller.send(world.post(batch));
    std::thread::sleep(A_WHILE);
    world.disable_key(true);
    let json = caller.answer().expect("an answer").json();
    let codes = [&json[0]["error"]["data"]["code"], &json[1]["error"]["data"]["code"]];
    assert_eq!(codes, [&json!("key_disabled"), &json!("key_disabled")]);
    assert!(upstream.seen().is_empty());
    assert_eq!(world.rows().len(), 2);
}

#[test]
fn a_connection_without_a_call_stays() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    for (disabled, status) in [(false, 200), (true, 403), (false, 200), (true, 403), (false, 200)] {
        world.disable_key(disabled);
        assert_eq!(caller.ask(world.request("GET /football/a", "", "")).status, status);
    }
    assert_eq!((upstream.seen().len(), world.rows().len()), (3, 5));
}
