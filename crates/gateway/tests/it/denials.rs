//! Denials: each tells why, costs nothing, and stands in one row.

use std::time::Duration;

use domain::{
    call::Charge,
    decision::{Denial, NotReady},
    quota::{Metric, Scope},
    rate_limit::{Per, RateLimit},
    request_log::Outcome,
    time::Timestamp,
};
use serde_json::json;

use crate::{
    upstream::Upstream,
    world::{Plan, World, ending},
};

#[test]
fn unknown_values_are_refused_and_only_counted() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    let cases = [
        "GET /football/a HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /football/a HTTP/1.1\r\nhost: a\r\nx-api-key: kw_junk\r\n\r\n",
        "POST /football/a HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello",
    ];
    for request in cases {
        let answer = caller.ask(request);
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        let json = answer.json();
        assert_eq!(json["type"], "https://keys.example/docs/errors#unknown_key");
        assert_eq!(
            (&json["title"], &json["status"], &json["code"]),
            (&json!("Unknown key"), &json!(401), &json!("unknown_key"))
        );
        assert_eq!(json["request_id"].as_str(), answer.header("x-request-id"));
        assert!(json.get("manage").is_none());
    }
    let answer = caller.ask("POST /eth/v1/mainnet/junk HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}");
    assert_eq!((answer.status, answer.json()["error"]["data"]["code"].clone()), (401, json!("unknown_key")));
    assert!(upstream.seen().is_empty());
    assert!(world.rows().is_empty());
}

#[test]
fn paths_that_nobody_serves_are_not_found() {
    let world = Plan::open("http://127.0.0.1:9".to_owned()).start();
    let mut caller = world.caller();
    let answer = caller.ask(world.request("GET /nothing", "", ""));
    assert_eq!((answer.status, answer.json()["code"].clone()), (404, json!("path_not_found")));
    let target = format!("/eth/v1/othernet/{}", world.value);
    let answer = caller.ask(format!("POST {target} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n"));
    assert_eq!(answer.status, 404);
    let json = answer.json();
    assert_eq!(json["error"]["data"]["seen"], "/eth/v1/othernet/{key}");
    let rows = world.rows();
    assert_eq!(rows.len(), 1, "only the second is somebody's");
    assert_eq!((rows[0].denial, rows[0].path.as_str()), (Some(Denial::PathNotFound), "/eth/v1/othernet/{key}"));
}

/// A request of this world is refused so, before its body is read.
fn check(world: World, request: &str, status: u16, denial: Denial) {
    let answer = world.caller().ask(request.replace("VALUE", &world.value));
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.text().contains(denial.code()), "{}", answer.text());
    let rows = world.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].denial, rows[0].charge, ending(&rows[0]).outcome),
        (Some(denial), Charge::NOTHING, Outcome::Denied)
    );
    assert_eq!(ending(&rows[0]).status, status);
}

#[test]
fn each_reason_is_told_before_the_body_is_read() {
    let nowhere = || Plan::open("http://127.0.0.1:9".to_owned());
    let get = "GET /football/a HTTP/1.1\r\nhost: a\r\nx-api-key: VALUE\r\n\r\n";
    let disabled = Plan { change_key: |key| key.disabled = true, ..nowhere() };
    check(disabled.start(), get, 403, Denial::KeyDisabled);
    let expired = Plan { change_key: |key| key.expires_at = Some(Timestamp::from_micros(1)), ..nowhere() };
    check(expired.start(), get, 403, Denial::KeyExpired);
    let other_api = Plan { change_key: |key| key.apis = Box::new(["eth".parse().expect("a name")]), ..nowhere() };
    check(other_api.start(), get, 403, Denial::ApiNotInPlan);
    let network = Plan { change_key: |key| key.networks = Box::new(["sepolia".parse().expect("a name")]), ..nowhere() };
    let post = "POST /eth/v1/mainnet/VALUE HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n";
    check(network.start(), post, 403, Denial::NetworkNotInPlan);
    let wrong_verb = "GET /eth/v1/mainnet/VALUE HTTP/1.1\r\nhost: a\r\n\r\n";
    check(nowhere().start(), wrong_verb, 415, Denial::EncodingNotSupported);
    let encoded =
        "POST /eth/v1/mainnet/VALUE HTTP/1.1\r\nhost: a\r\ncontent-encoding: gzip\r\ncontent-length: 0\r\n\r\n";
    check(nowhere().start(), encoded, 415, Denial::EncodingNotSupported);
    let long = "POST /eth/v1/mainnet/VALUE HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n\r\n";
    check(nowhere().start(), long, 413, Denial::BodyTooLarge);
    let stale = Plan { fresh_for: Some(Duration::ZERO), ..nowhere() };
    check(stale.start(), get, 503, Denial::NotReady(NotReady::PolicyStale));
}

#[test]
fn a_quota_ends_to_the_unit() {
    let upstream = Upstream::saying("x");
    let world = Plan { requests: Some(20), threads: 2, ..Plan::open(upstream.url()) }.start();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = || {
            let mut caller = world.caller();
            (0..20).map(|_| caller.ask(world.request("GET /football/a", "", "")).status).collect::<Vec<_>>()
        };
        let callers: Vec<_> = (0..3).map(|_| scope.spawn(ask)).collect();
        callers.into_iter().flat_map(|caller| caller.join().expect("a caller")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 20);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 40);
    assert_eq!(upstream.seen().len(), 20);
    let answer = world.caller().ask(world.request("GET /football/a", "", ""));
    let json = answer.json();
    assert_eq!((&json["code"], &json["rule"]), (&json!("quota_exhausted"), &json!("account")));
    assert_eq!(json["manage"], "https://keys.example/account");
    assert!(answer.header("ratelimit").is_some_and(|state| state.starts_with("\"day\";r=0;t=")));
    let rows = world.rows();
    assert_eq!(rows.iter().map(|row| row.count).sum::<u64>(), 61);
    assert_eq!(rows.iter().map(|row| u64::from(row.charge.requests)).sum::<u64>(), 20);
}

#[test]
fn a_rate_limit_tells_when_to_come_back() {
    let upstream = Upstream::saying("x");
    let rate = RateLimit { scope: Scope::Account, metric: Metric::Requests, per: Per::Minute, limit: 2 };
    let world = Plan { rates: vec![rate], ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let statuses = [0; 3].map(|_| caller.ask(world.request("GET /football/a", "", "")).status);
    assert_eq!(statuses, [200, 200, 429]);
    let answer = caller.ask(world.request("GET /football/a", "", ""));
    let wait: u64 = answer.header("retry-after").and_then(|wait| wait.parse().ok()).expect("a wait");
    assert!((1..=30).contains(&wait), "{wait}");
    let policy = answer.header("ratelimit-policy").expect("a policy");
    assert!(policy.contains("\"minute\";q=2;w=60"), "{policy}");
    assert_eq!(world.rows().iter().map(|row| row.count).sum::<u64>(), 4);
}

#[test]
fn a_full_upstream_is_told_and_costs_nothing() {
    let upstream = Upstream::start(|_| crate::upstream::Action::Wait(Duration::from_millis(500)));
    let change: fn(&mut [gateway::settings::ApiSettings; 2]) = |apis| apis[0].upstreams[0].max_in_flight = 1;
    let world = Plan { change, ..Plan::open(upstream.url()) }.start();
    let (mut first, mut second) = (world.caller(), world.caller());
    first.send(world.request("GET /football/a", "", ""));
    while upstream.connections() == 0 {
        std::thread::yield_now();
    }
    let answer = second.ask(world.request("GET /football/a", "", ""));
    assert_eq!((answer.status, answer.json()["rule"].clone()), (503, json!("overloaded")));
    assert_eq!(first.answer().expect("an answer").status, 502);
    let rows = world.rows();
    let denied = rows.iter().find(|row| row.denial.is_some()).expect("a denial");
    assert_eq!((rows.len(), denied.charge), (2, Charge::NOTHING));
}

#[test]
fn what_grew_old_while_a_call_waited_is_not_acted_upon() {
    let upstream = Upstream::saying("x");
    let world = Plan {
        fresh_for: Some(Duration::from_millis(300)),
        ledger_delay: Duration::from_millis(600),
        ..Plan::open(upstream.url())
    };
    let world = world.start();
    let requests = [
        world.request("GET /football/a", "", ""),
        world.post(r#"{"jsonrpc":"2.0","id":1,"method":"a"}"#),
        world.post(r#"[{"jsonrpc":"2.0","id":1,"method":"a"}]"#),
    ];
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = |request| {
            let mut caller = world.caller();
            scope.spawn(move || {
                let answer = caller.ask(request);
                assert!(answer.text().contains("policy_stale"), "{}", answer.text());
                answer.status
            })
        };
        let asked: Vec<_> = requests.iter().map(ask).collect();
        asked.into_iter().map(|asked| asked.join().expect("an answer")).collect()
    });
    assert_eq!(statuses, [503, 200, 200]);
    assert!(upstream.seen().is_empty());
    let rows = world.rows();
    assert_eq!(rows.len(), 3, "one row each");
    for row in &rows {
        let ending = ending(row);
        assert_eq!((ending.outcome, ending.refund), (Outcome::Denied, row.charge));
        assert_eq!(ending.denial, Some(Denial::NotReady(NotReady::PolicyStale)));
    }
}
