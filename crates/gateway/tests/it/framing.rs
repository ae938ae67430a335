//! Requests that two servers could read in two ways are refused; leave to send a body is given only after the decision.

use domain::decision::Denial;

use crate::{upstream::Upstream, world::Plan};

#[test]
fn smuggling_is_refused() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let key = format!("x-api-key: {}", world.value);
    let cases = [
        ("POST /football/a HTTP/1.1", "host: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked", "0\r\n\r\n"),
        ("POST /football/a HTTP/1.1", "host: a\r\ntransfer-encoding: chunked\r\ncontent-length: 3", "0\r\n\r\n"),
        ("POST /football/a HTTP/1.1", "host: a\r\ncontent-length: 3\r\ncontent-length: 3", "abc"),
        ("POST /football/a HTTP/1.1", "host: a\r\ncontent-length: 3\r\ncontent-length: 4", "abc"),
        ("POST /football/a HTTP/1.1", "host: a\r\ntransfer-encoding: chunked, gzip", "0\r\n\r\n"),
        ("POST /football/a HTTP/1.0", "host: a\r\ntransfer-encoding: chunked", "0\r\n\r\n"),
        ("GET /football/a HTTP/1.1", "host: a\r\nx-folded: a\r\n b", ""),
        ("GET /football/a HTTP/1.1", "host: a\r\nx-space : a", ""),
        ("GET /football/a HTTP/1.1", "host: a\r\nhost: b", ""),
        ("GET /football/a HTTP/1.1", "accept: */*", ""),
        ("GET http://b/football/a HTTP/1.1", "host: a", ""),
        ("GET /football/a HTTP/1.1", "host: a\r\nconnection: upgrade\r\nupgrade: websocket", ""),
        ("GET /football/../admin HTTP/1.1", "host: a", ""),
        ("GET /football/%2e%2e/admin HTTP/1.1", "host: a", ""),
        ("GET /football//a HTTP/1.1", "host: a", ""),
        ("GET /football/a%2fb HTTP/1.1", "host: a", ""),
        ("GET /football/a;b HTTP/1.1", "host: a", ""),
        ("GET /football/%zz HTTP/1.1", "host: a", ""),
        ("CONNECT a:443 HTTP/1.1", "host: a:443", ""),
    ];
    for (line, headers, body) in cases {
        let mut caller = world.caller();
        caller.send(format!("{line}\r\n{key}\r\n{headers}\r\n\r\n{body}"));
        let answer = caller.answer().expect(line);
        assert!(matches!(answer.status, 400 | 404), "{line} {headers}: {}", answer.status);
    }
    assert!(upstream.seen().is_empty(), "{:?}", upstream.seen());
    assert!(world.rows().iter().all(|row| row.denial == Some(Denial::Malformed)));
}

#[test]
fn the_bytes_after_a_doubtful_request_are_no_request() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let hidden = world.request("GET /football/hidden", "", "");
    let mut caller = world.caller();
    let length = hidden.len() + 5;
    let head = format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n");
    caller.send(format!("{}0\r\n\r\n{hidden}", world.request("POST /football/a", &head, "")));
    let answer = caller.answer().expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (400, Some("close")));
    assert!(caller.is_closed());
    assert!(upstream.seen().is_empty());
    assert_eq!(world.rows().len(), 1);
}

#[test]
fn the_same_host_in_absolute_form_is_served() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let answer = world.caller().ask(world.request("GET http://gate/football/a", "", ""));
    assert_eq!(answer.status, 200);
    assert_eq!(upstream.seen()[0].target(), "/v3/a");
    assert_eq!(world.rows().len(), 1);
}

#[test]
fn leave_to_send_is_given_only_to_whoever_may() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    caller.send(world.request("PUT /football/a", "expect: 100-continue\r\ncontent-length: 5\r\n", ""));
    assert_eq!(caller.line().expect("leave"), "HTTP/1.1 100 Continue");
    assert_eq!(caller.line().expect("its end"), "");
    assert!(upstream.seen().is_empty());
    caller.send("hello");
    assert_eq!(caller.answer().expect("an answer").status, 200);
    assert_eq!(upstream.seen()[0].body, b"hello");

    let mut stranger = world.caller();
    stranger.send("PUT /football/a HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n");
    assert_eq!(stranger.answer().expect("an answer").status, 401, "no leave, but the denial at once");
    assert_eq!(world.rows().len(), 1);
}

#[test]
fn a_denied_caller_can_read_why_while_it_still_sends() {
    let upstream = Upstream::saying("x");
    let world = Plan { change_key: |key| key.disabled = true, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    // Short bodies are read, and the connection goes on.
    for _ in 0..2 {
        let answer = caller.ask(world.request("POST /football/a", "", &"x".repeat(40_000)));
        assert_eq!((answer.status, answer.header("connection")), (403, None));
    }
    // A long one is not, and the answer is the last.
    caller.send(world.request("POST /football/a", "content-length: 10000000\r\n", ""));
    caller.send("x".repeat(100_000));
    let answer = caller.answer().expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (403, Some("close")));
    assert_eq!(world.rows().len(), 3);
}
