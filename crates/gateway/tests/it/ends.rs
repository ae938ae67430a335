//! How calls end that do not end well: each has one row, and no caller takes a part of an answer for the whole.

use std::time::{Duration, Instant};

use domain::{call::Charge, decision::Denial, request_log::Outcome};
use gateway::settings::{ApiSettings, RefundRule};
use serde_json::json;

use crate::{
    upstream::{Action, Upstream},
    world::{Plan, ending},
};

/// A port that nobody listens on.
fn nowhere() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

/// Waits until something is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn an_upstream_that_cannot_be_reached_is_told_and_refunded() {
    let world = Plan::open(nowhere()).start();
    let mut caller = world.caller();
    let answer = caller.ask(world.request("GET /football/leagues/1", "", ""));
    assert_eq!((answer.status, answer.json()["code"].clone()), (502, json!("upstream_unreachable")));
    assert_eq!(answer.header("x-keyward-credits"), Some("0"));
    let answer = caller.ask(world.post(r#"{"jsonrpc":"2.0","id":"a","method":"eth_call"}"#));
    assert_eq!((answer.status, answer.json()["id"].clone()), (502, json!("a")));
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","method":"b"}]"#;
    let answer = caller.ask(world.post(batch));
    assert_eq!((answer.status, answer.json()[0]["error"]["code"].clone()), (200, json!(-32603)));
    let rows = world.rows();
    assert_eq!(rows.len(), 4);
    for row in &rows {
        let ending = ending(row);
        assert_eq!((ending.outcome, ending.denial), (Outcome::Failed, Some(Denial::UpstreamUnreachable)));
        assert_eq!((ending.refund, ending.attempts), (row.charge, 0));
    }
}

#[test]
fn the_rule_of_the_api_decides_on_the_refund() {
    let change: fn(&mut [ApiSettings; 2]) = |apis| {
        apis[0].refund = RefundRule { unreachable: false, time_out: false, server_error: true, failed_when: false }
    };
    let world = Plan { change, ..Plan::open(nowhere()) }.start();
    let answer = world.caller().ask(world.request("GET /football/leagues/1", "", ""));
    assert_eq!((answer.status, answer.header("x-keyward-credits")), (502, Some("3")));
    assert_eq!(ending(&world.rows()[0]).refund, Charge::NOTHING);
}

#[test]
fn an_upstream_that_is_too_slow_is_told() {
    let upstream = Upstream::start(|_| Action::Wait(Duration::from_secs(3)));
    let change: fn(&mut [ApiSettings; 2]) = |apis| {
        apis.iter_mut().for_each(|api| api.answer_time_out = Duration::from_millis(300));
    };
    let world = Plan { change, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let answer = caller.ask(world.request("GET /football/a", "", ""));
    assert_eq!((answer.status, answer.json()["code"].clone()), (504, json!("upstream_timeout")));
    let answer = caller.ask(world.post(r#"{"jsonrpc":"2.0","id":1,"method":"a"}"#));
    assert_eq!((answer.status, answer.json()["error"]["data"]["code"].clone()), (504, json!("upstream_timeout")));
    for row in world.rows() {
        let ending = ending(&row);
        assert_eq!(
            (ending.denial, ending.attempts, ending.refund),
            (Some(Denial::UpstreamTimeout), 1, Charge::NOTHING)
        );
    }
}

#[test]
fn an_answer_that_breaks_off_is_never_taken_for_whole() {
    let heads = [
        "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n186a0\r\n",
    ];
    for head in heads {
        let upstream = Upstream::start(move |_| Action::Break([head.as_bytes(), &[b'x'; 20_000]].concat()));
        let world = Plan::open(upstream.url()).start();
        let mut caller = world.caller();
        caller.send(world.request("GET /football/a", "", ""));
        let answer = caller.answer();
        assert!(answer.is_err(), "{head}: {:?}", answer.map(|answer| answer.body.len()));
        let rows = world.rows();
        assert_eq!(rows.len(), 1);
        let ending = ending(&rows[0]);
        assert_eq!((ending.outcome, ending.denial), (Outcome::Failed, Some(Denial::UpstreamIncomplete)));
        assert_eq!((ending.refund, ending.bytes_out), (Charge::NOTHING, 20_000));
    }
}

#[test]
fn an_upstream_that_hangs_up_is_told() {
    let upstream = Upstream::start(|_| Action::Break(Vec::new()));
    let world = Plan::open(upstream.url()).start();
    let answer = world.caller().ask(world.request("POST /football/a", "", "body"));
    assert_eq!((answer.status, answer.json()["code"].clone()), (502, json!("upstream_incomplete")));
    let rows = world.rows();
    assert_eq!((rows.len(), ending(&rows[0]).refund, ending(&rows[0]).attempts), (1, Charge::NOTHING, 1));
}

#[test]
fn a_caller_that_leaves_is_logged_as_having_left() {
    let upstream = Upstream::start(|seen| match seen.target() {
        "/v3/slow" => Action::Wait(Duration::from_secs(5)),
        _ => {
            Action::Say([&b"HTTP/1.1 200 OK\r\ncontent-length: 80000000\r\n\r\n"[..], &vec![b'x'; 80_000_000]].concat())
        }
    });
    let world = Plan::open(upstream.url()).start();
    // Before the answer.
    let mut caller = world.caller();
    caller.send(world.request("GET /football/slow", "", ""));
    until("the call arrives", || upstream.seen().len() == 1);
    drop(caller);
    // In the middle of it.
    let mut caller = world.caller();
    caller.send(world.request("GET /football/long", "", ""));
    assert_eq!(caller.line().expect("a status line"), "HTTP/1.1 200 OK");
    drop(caller);
    // In the middle of its own body.
    let mut caller = world.caller();
    caller.send(world.request("POST /football/upload", "content-length: 1000000\r\n", ""));
    caller.send("x".repeat(1_000));
    until("the call begins", || upstream.connections() == 3);
    drop(caller);
    std::thread::sleep(Duration::from_millis(300));
    let rows = world.rows();
    let ends: Vec<_> = rows.iter().map(|row| (row.path.as_str(), ending(row).outcome, ending(row).refund)).collect();
    let left = |path| (path, Outcome::Abandoned, Charge::NOTHING);
    assert_eq!(ends, [left("/football/slow"), left("/football/long"), left("/football/upload")]);
}

#[test]
fn a_body_that_grows_beyond_the_limit_is_cut() {
    let upstream = Upstream::saying("x");
    let change: fn(&mut [ApiSettings; 2]) = |apis| apis[0].body_limit = 10_000;
    let world = Plan { change, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    caller.send(world.request("POST /football/a", "transfer-encoding: chunked\r\n", ""));
    for _ in 0..11 {
        caller.send(format!("3e8\r\n{}\r\n", "x".repeat(1_000)));
        std::thread::sleep(Duration::from_millis(5));
    }
    let answer = caller.answer().expect("an answer");
    assert_eq!((answer.status, answer.json()["code"].clone()), (413, json!("body_too_large")));
    assert!(upstream.seen().is_empty(), "the upstream never got it whole");
    let rows = world.rows();
    assert_eq!((rows.len(), ending(&rows[0]).denial), (1, Some(Denial::BodyTooLarge)));
}

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    let mut plan = Plan::open(Upstream::saying("x").url());
    plan.time_outs.head = Duration::from_millis(300);
    plan.time_outs.idle = Duration::from_millis(300);
    let world = plan.start();
    let (mut half, mut silent, mut second) = (world.caller(), world.caller(), world.caller());
    half.send("GET /football/a HTTP/1.1\r\nhost:");
    assert_eq!(second.ask(world.request("GET /football/a", "", "")).status, 200);
    second.send("GET /football/a HTTP/1.1\r\nhost:");
    assert!(half.is_closed() && silent.is_closed() && second.is_closed());
    assert_eq!(world.rows().len(), 1);
}
