//! Free answers: what they tell, whom they obey, and that they cost nothing and make no row.

use std::sync::Arc;

use domain::{
    api::Dialect,
    call::Charge,
    key::secret::{ENTROPY, SecretText},
    policy::{KeyPolicy, PolicyChange, SecretPolicy},
    quota::{Metric, Scope},
    rate_limit::{Per, RateLimit},
};
use gateway::settings::ApiSettings;
use serde_json::{Value, json};

use crate::{
    caller::{Answer, Caller},
    upstream::Upstream,
    world::Plan,
};

const CALL: &str = r#"{"jsonrpc":"2.0","id":1,"method":"eth_call"}"#;

fn told_as_theirs(apis: &mut [ApiSettings; 2]) {
    (apis[0].api.dialect, apis[1].api.dialect) = (Dialect::ApiSports, Dialect::Zan);
}

fn plan(upstream: &Upstream) -> Plan {
    let rates = vec![RateLimit { scope: Scope::Account, metric: Metric::Requests, per: Per::Minute, limit: 30 }];
    Plan { requests: Some(100), credits: Some(1_000), rates, ..Plan::open(upstream.url()) }
}

fn credit_detail(caller: &mut Caller, path: &str, headers: &str, value: &str) -> Answer {
    let body = json!({ "apiKey": value }).to_string();
    let length = body.len();
    caller.ask(format!("POST {path} HTTP/1.1\r\nhost: gate\r\n{headers}content-length: {length}\r\n\r\n{body}"))
}

#[test]
fn usage_tells_every_limit_and_costs_nothing() {
    let upstream = Upstream::saying(r#"{"jsonrpc":"2.0","id":1,"result":"0x"}"#);
    let world = plan(&upstream).start();
    let mut caller = world.caller();
    assert_eq!(caller.ask(world.request("GET /football/leagues/39", "", "")).status, 200);
    for _ in 0..3 {
        let answer = caller.ask(world.request("GET /football/.keyward/usage", "", ""));
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
        assert_eq!(answer.header("x-keyward-credits"), None);
        let told = answer.json();
        assert_eq!(told["api"], "football");
        let limits = told["limits"].as_array().expect("limits");
        let day = |metric: &str| limits.iter().find(|limit| limit["metric"] == metric && limit["window"] == "day");
        let figures = |limit: &Value| [&limit["limit"], &limit["used"], &limit["left"]].map(Value::as_u64);
        assert_eq!(figures(day("requests").expect("requests")), [Some(100), Some(1), Some(99)]);
        assert_eq!(figures(day("credits").expect("credits")), [Some(1_000), Some(3), Some(997)]);
        assert!(day("credits").expect("credits")["resets_at"].as_str().is_some_and(|end| end.ends_with("T00:00:00Z")));
        let minute = limits.iter().find(|limit| limit["window"] == "minute").expect("a rate limit");
        assert_eq!((&minute["scope"], &minute["left"]), (&json!("account"), &json!(29)));
    }
    let by_path = format!("GET /eth/v1/mainnet/{}/.keyward/usage HTTP/1.1\r\nhost: gate\r\n\r\n", world.value);
    assert_eq!(caller.ask(by_path).json()["api"], "eth");
    assert_eq!(upstream.seen().len(), 1);
    let rows = world.rows();
    assert_eq!((rows.len(), rows[0].charge), (1, Charge { requests: 1, credits: 3 }));
}

#[test]
fn nothing_below_our_own_path_goes_up() {
    let upstream = Upstream::saying("x");
    let world = plan(&upstream).start();
    let mut caller = world.caller();
    for line in ["POST /football/.keyward/usage", "GET /football/.keyward/", "GET /football/.keyward/x"] {
        assert_eq!(caller.ask(world.request(line, "", "")).json()["code"], "path_not_found", "{line}");
    }
    let posted = format!("POST /eth/v1/mainnet/{}/.keyward/usage", world.value);
    assert_eq!(caller.ask(world.request(&posted, "", CALL)).json()["error"]["data"]["code"], "path_not_found");
    assert!(upstream.seen().is_empty() && world.rows().is_empty());
}

#[test]
fn states_secret_and_lists_are_obeyed_without_a_row() {
    let upstream = Upstream::saying("x");
    let world = Plan { change: told_as_theirs, ..plan(&upstream) }.start();
    let secret = SecretText::draw([5; ENTROPY]);
    let asking = Some(Arc::new(SecretPolicy { hash: secret.hash(), former: None }));
    world.apply(PolicyChange::Key(KeyPolicy { secret: asking, ..world.key.clone() }));
    let mut caller = world.caller();
    let right = format!("x-api-secret: {}\r\n", secret.reveal());
    let mut codes = |headers: &str| {
        let usage = caller.ask(world.request("GET /football/.keyward/usage", headers, "")).json();
        let status = caller.ask(world.request("GET /football/status", headers, "")).json();
        let credits = credit_detail(&mut caller, "/platform/v1/credit/detail", headers, &world.value).json();
        [usage, status, credits].map(|told| told["receipt"]["code"].as_str().unwrap_or("").to_owned())
    };
    assert_eq!(codes(""), ["secret_missing"; 3]);
    assert_eq!(codes("x-api-secret: ks_junk\r\n"), ["secret_wrong"; 3]);
    assert_eq!(codes(&right), [""; 3]);
    world.apply(PolicyChange::Key(KeyPolicy { disabled: true, ..world.key.clone() }));
    assert_eq!(codes(&right), ["key_disabled"; 3]);
    assert!(upstream.seen().is_empty() && world.rows().is_empty());
}

#[test]
fn the_dialect_decides_whose_status_it_is() {
    let upstream = Upstream::saying("theirs");
    let world = plan(&upstream).start();
    assert_eq!(world.caller().ask(world.request("GET /football/status", "", "")).text(), "theirs");
    let world = Plan { change: told_as_theirs, ..plan(&upstream) }.start();
    let mut caller = world.caller();
    assert_eq!(caller.ask(world.request("GET /football/leagues", "", "")).status, 200);
    let answer = caller.ask(world.request("GET /football/status", "", ""));
    let expected = json!({
        "get": "status", "parameters": [], "errors": [], "results": 1, "paging": { "current": 1, "total": 1 },
        "response": {
            "account": { "firstname": null, "lastname": null, "email": null },
            "subscription": { "plan": "pro", "end": null, "active": true },
            "requests": { "current": 1, "limit_day": 100 },
        },
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.header("x-ratelimit-requests-remaining"), Some("99"));
    assert_eq!(world.rows().len(), 1);
}

#[test]
fn credits_are_told_for_a_value_in_the_body() {
    let upstream = Upstream::saying(r#"{"jsonrpc":"2.0","id":1,"result":"0x"}"#);
    let world = Plan { change: told_as_theirs, ..plan(&upstream) }.start();
    let mut caller = world.caller();
    assert_eq!(caller.ask(world.post(CALL)).status, 200);
    for path in ["/platform/v1/credit/detail", "/eth/platform/v1/credit/detail"] {
        let answer = credit_detail(&mut caller, path, "", &world.value);
        let data = json!({
            "autoScaling": false, "remainCredit": 980, "specName": "pro", "totalCredit": 1_000, "usedCredit": 20,
        });
        assert_eq!((answer.status, &answer.json()["data"]), (200, &data), "{path}");
    }
    let unknown = credit_detail(&mut caller, "/platform/v1/credit/detail", "", "junk");
    assert_eq!((unknown.status, &unknown.json()["success"]), (400, &json!(false)));
    let long = credit_detail(&mut caller, "/platform/v1/credit/detail", "", &"x".repeat(5_000));
    assert_eq!(long.json()["receipt"]["code"], "body_too_large");
    assert_eq!(world.rows().len(), 1);
}

#[test]
fn they_are_limited_in_number() {
    let upstream = Upstream::saying("x");
    let world = plan(&upstream).start();
    let mut caller = world.caller();
    let ask = |caller: &mut Caller| caller.ask(world.request("GET /football/.keyward/usage", "", ""));
    for _ in 0..60 {
        assert_eq!(ask(&mut caller).status, 200);
    }
    let refused = ask(&mut caller);
    assert_eq!((refused.status, &refused.json()["code"]), (429, &json!("rate_limited")));
    assert_eq!(caller.ask(world.request("GET /football/a", "", "")).status, 200, "calls go on");
    assert_eq!(world.rows().len(), 1);
}
