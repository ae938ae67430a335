//! Several upstreams of one API: a call goes to another when nothing of it can have been done, and stays one call.

use std::{
    net::TcpListener,
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use domain::{decision::Denial, id::RequestId, request_log::Outcome};
use gateway::settings::{ApiSettings, UpstreamSettings};

use crate::{
    upstream::{Action, Upstream, ok, say},
    world::{Plan, World, ending},
};

/// A change to the settings of both APIs.
type Change = fn(&mut [ApiSettings; 2]);

/// What `Plan::change` puts behind both APIs; it takes nothing from around it. Tests that use it wait for one another.
static URLS: OnceLock<Mutex<Vec<String>>> = OnceLock::new();

/// A world with these upstreams, in turn, and these changes.
fn world(urls: &[String], change: Change) -> World {
    static CHANGE: Mutex<Option<Change>> = Mutex::new(None);
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().expect("no test panics in here");
    *URLS.get_or_init(Mutex::default).lock().expect("no test panics in here") = urls.to_vec();
    *CHANGE.lock().expect("no test panics in here") = Some(change);
    let apply: Change = |apis| {
        for api in apis.iter_mut() {
            let urls = URLS.get().expect("set before").lock().expect("no test panics in here").clone();
            let with = |one: &UpstreamSettings| {
                let one = one.clone();
                urls.clone()
                    .into_iter()
                    .map(move |url| UpstreamSettings { url: url.parse().expect("a URL"), ..one.clone() })
            };
            api.upstreams = api.upstreams.iter().flat_map(with).collect();
        }
        CHANGE.lock().expect("no test panics in here").expect("set before")(apis);
    };
    Plan { change: apply, ..Plan::open(urls[0].clone()) }.start()
}

fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

#[test]
fn what_cannot_be_written_goes_to_another_upstream() {
    let upstream = Upstream::saying(r#"{"jsonrpc":"2.0","id":1,"result":1}"#);
    let batches = Upstream::saying(r#"[{"jsonrpc":"2.0","id":1,"result":1},{"jsonrpc":"2.0","id":2,"result":1}]"#);
    for (alive, bodies) in [
        (&upstream, &["", r#"{"jsonrpc":"2.0","id":1,"method":"eth_call"}"#][..]),
        (&batches, &[r#"[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":2,"method":"b"}]"#]),
    ] {
        let world = world(&[nowhere(), alive.url()], |_| {});
        let mut caller = world.caller();
        let mut calls = 0;
        for body in bodies.iter().cycle().take(6) {
            let request = if body.is_empty() { world.request("GET /football/a", "", "") } else { world.post(body) };
            let answer = caller.ask(&request);
            assert_eq!(answer.status, 200, "{}", answer.text());
            calls += if body.starts_with('[') { 2 } else { 1 };
        }
        let rows = world.rows();
        assert_eq!(rows.len(), calls);
        for row in &rows {
            let end = ending(row);
            assert_eq!((end.outcome, end.attempts, end.refund.requests), (Outcome::Answered, 1, 0));
            // Each network has the dead one before the living one.
            assert_eq!(end.upstream.expect("one") % 2, 1, "the row names the one that answered");
        }
    }
}

#[test]
fn a_host_and_a_path_are_those_of_the_upstream_that_answers() {
    let upstream = Upstream::saying("x");
    let world = world(&[format!("{}/one", nowhere()), format!("{}/two", upstream.url())], |_| {});
    for _ in 0..2 {
        assert_eq!(world.caller().ask(world.request("GET /football/a?b=1", "", "")).status, 200);
    }
    for seen in upstream.seen() {
        assert_eq!(seen.target(), "/two/a?b=1");
        assert_eq!(seen.header("host"), upstream.url().strip_prefix("http://"));
    }
    assert_eq!(world.rows().len(), 2);
}

/// An upstream that breaks the first connection after these bytes, and serves all further ones.
fn breaks_once(bytes: &'static [u8]) -> Upstream {
    let count = AtomicUsize::new(0);
    Upstream::start(move |_| if count.fetch_add(1, Relaxed) == 0 { Action::Break(bytes.to_vec()) } else { ok("whole") })
}

#[test]
fn a_get_without_an_answer_is_sent_once_more_where_the_api_says_so() {
    let retries: Change = |apis| apis[0].retry_idempotent = true;
    /// Method and body, what the upstream says before it breaks off, the change, the status, and how often it was sent.
    type Case = (&'static str, &'static str, &'static [u8], Change, u16, u8);
    let cases: [Case; 6] = [
        ("GET", "", b"", retries, 200, 2),
        ("HEAD", "", b"", retries, 200, 2),
        ("GET", "", b"", |_| {}, 502, 1),
        ("POST", "body", b"", retries, 502, 1),
        ("GET", "body", b"", retries, 502, 1),
        ("GET", "", b"HTTP/1.1 2", retries, 502, 1),
    ];
    for (method, body, broken, change, status, attempts) in cases {
        let upstream = breaks_once(broken);
        let world = world(&[upstream.url()], change);
        let answer = world.caller().ask(world.request(&format!("{method} /football/a"), "", body));
        assert_eq!((answer.status, answer.header("x-keyward-credits")), (status, Some("1")), "{method} {broken:?}");
        let rows = world.rows();
        assert_eq!((rows.len(), ending(&rows[0]).attempts, rows[0].charge.credits), (1, attempts, 1));
        assert_eq!(upstream.seen().len(), usize::from(attempts));
    }
    // Never more than once.
    let upstream = Upstream::start(|_| Action::Break(Vec::new()));
    let world = world(&[upstream.url()], retries);
    assert_eq!(world.caller().ask(world.request("GET /football/a", "", "")).status, 502);
    assert_eq!(upstream.seen().len(), 2);
    let rows = world.rows();
    assert_eq!((rows.len(), ending(&rows[0]).denial), (1, Some(Denial::UpstreamIncomplete)));
}

#[test]
fn an_upstream_that_fails_in_a_row_is_passed_over() {
    let bad = Upstream::start(|_| say("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"));
    let slow = Upstream::start(|_| Action::Wait(Duration::from_secs(2)));
    let good = Upstream::saying("x");
    let change: Change = |apis| {
        apis[0].answer_time_out = Duration::from_millis(100);
        apis[0].upstreams.iter_mut().for_each(|upstream| upstream.pass_over_after = 2);
    };
    let world = world(&[bad.url(), slow.url(), good.url()], change);
    let mut caller = world.caller();
    let statuses: Vec<u16> = (0..20).map(|_| caller.ask(world.request("GET /football/a", "", "")).status).collect();
    let count = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(503), count(504), count(200)), (2, 2, 16), "{statuses:?}");
    let figures = world.figures();
    let passed: Vec<bool> = figures.upstreams(0).take(3).map(|one| one.is_passed_over).collect();
    assert_eq!(passed, [true, true, false]);
    assert_eq!(world.rows().len(), 20);
}

#[test]
fn a_trace_goes_on_with_the_request_as_its_span() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let trace = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\ntracestate: a=1\r\n";
    let answer = world.caller().ask(world.request("GET /football/a", trace, ""));
    let id: RequestId = answer.header("x-request-id").expect("an id").parse().expect("an id");
    let seen = &upstream.seen()[0];
    assert_eq!(seen.header("tracestate"), Some("a=1"));
    let expected = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{:016x}-01", id.as_u128() as u64);
    assert_eq!(seen.header("traceparent"), Some(expected.as_str()));
}
