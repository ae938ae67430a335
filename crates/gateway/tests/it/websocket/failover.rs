//! Several upstreams: a handshake that one of them does not take goes to another.

use std::{net::TcpListener, time::Duration};

use domain::{decision::Denial, request_log::Outcome};
use gateway::settings::ApiSettings;

use super::{call, peers::*, plan, result};
use crate::world::{Plan, World, ending};

const REFUSES: &str = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";

const UNAVAILABLE: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

fn refusing() -> SocketUpstream {
    SocketUpstream::shaking(REFUSES, |_| Vec::new())
}

fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("ws://{}/nowhere", listener.local_addr().expect("an address"))
}

/// A world with these upstreams, in this order.
fn world(urls: Vec<String>) -> World {
    let change: fn(&mut [ApiSettings; 2]) = |apis| apis[1].answer_time_out = Duration::from_millis(300);
    Plan { sockets: urls, change, ..Plan::open("http://127.0.0.1:9".to_owned()) }.start()
}

#[test]
fn a_handshake_goes_to_an_upstream_that_takes_it() {
    let without_proof = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";
    let unproven = SocketUpstream::shaking(without_proof, |_| Vec::new());
    for bad in [nowhere(), refusing().url(), unproven.url()] {
        let good = SocketUpstream::answering();
        let world = world(vec![bad.clone(), good.url()]);
        for number in 0..4 {
            let mut caller = connect(&world);
            let id = number.to_string();
            caller.say(&call(&id, "a"));
            assert_eq!(caller.text(), result(&id, "a"), "{bad}");
        }
        let place = good.url().trim_start_matches("ws://").trim_end_matches("/node").to_owned();
        let keys: std::collections::HashSet<String> = good.heads().iter().map(|head| key_in(head)).collect();
        assert_eq!(keys.len(), 4, "each handshake has a key of its own");
        for head in good.heads() {
            assert!(head.starts_with("GET /node HTTP/1.1\r\n"), "{head}");
            assert!(head.to_ascii_lowercase().contains(&format!("host: {place}\r\n")), "{head}");
        }
        let rows = world.rows();
        assert_eq!(rows.len(), 4, "no handshake has a row: {rows:?}");
        let upstreams: Vec<_> = rows.iter().map(|row| ending(row).upstream).collect();
        assert_eq!(upstreams, [upstreams[0]; 4], "the rows name the one that answered");
    }
}

#[test]
fn an_upstream_that_fails_at_handshakes_is_passed_over() {
    let change: fn(&mut [ApiSettings; 2]) = |apis| {
        apis[1].socket_upstreams.iter_mut().for_each(|upstream| upstream.pass_over_after = 2);
    };
    // A refusal is an answer; 503 says that nobody behind it answers.
    for (answer, is_passed_over) in [(UNAVAILABLE, true), (REFUSES, false)] {
        let (bad, good) = (SocketUpstream::shaking(answer, |_| Vec::new()), SocketUpstream::answering());
        let world = Plan { sockets: vec![bad.url(), good.url()], change, ..plan(&good) }.start();
        for _ in 0..8 {
            drop(connect(&world));
        }
        assert_eq!(good.heads().len(), 8, "{answer}");
        assert_eq!(bad.heads().len() == 2, is_passed_over, "{answer} {}", bad.heads().len());
    }
}

fn key_in(head: &str) -> String {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("sec-websocket-key:"));
    line.expect("a key").to_owned()
}

#[test]
fn a_handshake_is_tried_on_three_upstreams_and_is_one_failure() {
    let upstreams: Vec<SocketUpstream> = (0..5).map(|_| refusing()).collect();
    let world = world(upstreams.iter().map(SocketUpstream::url).collect());
    let answer = connect_with(&world, "user-agent: tests\r\n").err().expect("a failure");
    assert_eq!(
        (answer.status, &answer.json()["error"]["data"]["code"]),
        (502, &serde_json::json!("upstream_incomplete"))
    );
    let asked: Vec<usize> = upstreams.iter().map(|upstream| upstream.heads().len()).collect();
    assert_eq!((asked.iter().sum::<usize>(), asked.iter().max()), (3, Some(&1)), "{asked:?}");
    let rows = world.rows();
    let end = ending(&rows[0]);
    assert_eq!((rows.len(), end.outcome, end.attempts), (1, Outcome::Failed, 3));
    assert_eq!((rows[0].charge.requests, rows[0].agent.as_deref()), (0, Some("tests")));
}

#[test]
fn after_a_silent_upstream_there_is_no_other() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let good = SocketUpstream::answering();
    let world = world(vec![format!("ws://{}", silent.local_addr().expect("an address")), good.url()]);
    assert_eq!(connect_with(&world, "").err().expect("a failure").status, 504);
    assert!(good.heads().is_empty());
    assert_eq!(ending(&world.rows()[0]).denial, Some(Denial::UpstreamTimeout));
}

#[test]
fn a_value_that_is_stopped_meanwhile_is_told_so_and_not_taken_to_another() {
    for has_another in [false, true] {
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
        let good = SocketUpstream::answering();
        let mut urls = vec![format!("ws://{}", silent.local_addr().expect("an address"))];
        urls.extend(has_another.then(|| good.url()));
        let world = Plan { sockets: urls, ..plan(&good) }.start();
        let answer = std::thread::scope(|scope| {
            let asking = scope.spawn(|| connect_with(&world, "").err().expect("a denial"));
            let _held = silent.accept().expect("the handshake comes");
            world.disable_key(true);
            asking.join().expect("an answer")
        });
        assert_eq!((answer.status, answer.json()["error"]["data"]["code"].as_str()), (403, Some("key_disabled")));
        assert!(good.heads().is_empty());
        assert_eq!(ending(&world.rows()[0]).outcome, Outcome::Denied);
    }
}
