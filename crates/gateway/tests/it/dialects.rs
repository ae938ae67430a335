//! The dialects of other providers, on the wire: what their clients read of answers and of denials.

use domain::{
    api::Dialect,
    decision::Denial,
    quota::{Metric, Scope},
    rate_limit::{Per, RateLimit},
};
use gateway::settings::ApiSettings;
use serde_json::json;

use crate::{
    upstream::Upstream,
    world::{Plan, World, ending},
};

fn told_as_theirs(apis: &mut [ApiSettings; 2]) {
    (apis[0].api.dialect, apis[1].api.dialect) = (Dialect::ApiSports, Dialect::Zan);
}

fn world(upstream: &Upstream, requests: u64) -> World {
    let rates = vec![RateLimit { scope: Scope::Account, metric: Metric::Requests, per: Per::Minute, limit: 30 }];
    Plan { change: told_as_theirs, requests: Some(requests), rates, ..Plan::open(upstream.url()) }.start()
}

#[test]
fn api_sports_tells_day_and_minute_on_every_answer() {
    let upstream = Upstream::saying("x");
    let world = world(&upstream, 2);
    let mut caller = world.caller();
    for (left_of_day, left_of_minute, status) in [("1", "29", 200), ("0", "28", 200), ("0", "27", 200)] {
        let answer = caller.ask(world.request("GET /football/leagues?id=39", "", ""));
        assert_eq!(answer.status, status, "denied or not");
        let told = [
            ("x-ratelimit-requests-limit", "2"),
            ("x-ratelimit-requests-remaining", left_of_day),
            ("x-ratelimit-limit", "30"),
            ("x-ratelimit-remaining", left_of_minute),
        ];
        for (name, expected) in told {
            assert_eq!(answer.header(name), Some(expected), "{name}");
        }
    }
    let answer = caller.ask(world.request("GET /football/leagues?id=39", "", ""));
    let json = answer.json();
    assert_eq!((answer.status, &json["get"], &json["parameters"]), (200, &json!("leagues"), &json!({ "id": "39" })));
    assert!(json["errors"]["requests"].as_str().is_some_and(|text| text.contains("for the day")), "{json}");
    assert_eq!((&json["results"], &json["response"]), (&json!(0), &json!([])));
    assert_eq!(upstream.seen().len(), 2);
    let rows = world.rows();
    assert_eq!(rows[2].denial, Some(Denial::QuotaExhausted(Scope::Account)));
}

#[test]
fn api_sports_tells_a_missing_key_from_a_bad_one() {
    let upstream = Upstream::saying("x");
    let world = world(&upstream, 2);
    let asked = |header: &str| format!("GET /football/a?b=c HTTP/1.1\r\nhost: gate\r\n{header}\r\n");
    let missing = world.caller().ask(asked(""));
    assert_eq!((missing.status, &missing.json()["get"]), (403, &json!("")));
    assert_eq!(missing.json()["errors"]["error"], "4xHe");
    let bad = world.caller().ask(asked("x-api-key: junk\r\n"));
    assert_eq!((bad.status, &bad.json()["get"]), (200, &json!("a")));
    assert!(bad.json()["errors"]["token"].as_str().is_some_and(|text| text.contains("https://keys.example/docs")));
}

#[test]
fn zan_has_statuses_for_single_calls_and_codes_in_batches() {
    let upstream = Upstream::saying(r#"{"jsonrpc":"2.0","id":1,"result":"0x"}"#);
    let world = world(&upstream, 1);
    let mut caller = world.caller();
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_call"}"#;
    assert_eq!(caller.ask(world.post(call)).status, 200);
    let answer = caller.ask(world.post(call));
    let error = answer.json()["error"].clone();
    assert_eq!((answer.status, &error["code"], &answer.json()["id"]), (403, &json!(-32005), &json!(1)));
    assert!(error["message"].as_str().is_some_and(|text| text.contains("credit plan check; ")), "{error}");
    assert_eq!(error["data"]["code"], "quota_exhausted");
    let answer = caller.ask(world.post(&format!("[{call}]")));
    assert_eq!((answer.status, &answer.json()[0]["error"]["code"]), (200, &json!(-32005)));
    let unreadable = caller.ask(world.post("{"));
    assert_eq!((unreadable.status, &unreadable.json()["error"]["code"]), (400, &json!(-32700)));
    let unknown = caller.ask("POST /eth/v1/mainnet/junk HTTP/1.1\r\nhost: gate\r\ncontent-length: 0\r\n\r\n");
    assert_eq!((unknown.status, &unknown.json()["error"]["code"]), (400, &json!(-32600)));
    let rows = world.rows();
    assert_eq!(rows[1].denial, Some(Denial::QuotaExhausted(Scope::Account)));
    assert_eq!((ending(&rows[1]).status, ending(&rows[1]).rpc_error), (403, Some(-32005)));
}
