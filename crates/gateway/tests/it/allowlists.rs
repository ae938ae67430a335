//! Allowlists of a key: where a call may come from. What they deny goes nowhere and costs nothing.

use std::{
    fmt::{Debug, Display},
    str::FromStr,
    sync::Arc,
};

use domain::{
    allowlist::{Allowlist, Listed, Lists, Mode},
    call::Charge,
    decision::Denial,
    policy::{KeyPolicy, PolicyChange},
};
use serde_json::json;

use crate::{
    upstream::Upstream,
    world::{Plan, World},
};

fn addresses(entry: &str) -> Option<Arc<Lists>> {
    Some(Arc::new(Lists { addresses: only(entry), ..Lists::default() }))
}

fn domains(entry: &str) -> Option<Arc<Lists>> {
    Some(Arc::new(Lists { domains: only(entry), ..Lists::default() }))
}

/// A list that is enforced and has this entry.
pub fn only<E: FromStr<Err: Debug> + PartialEq + Display>(entry: &str) -> Allowlist<E> {
    let listed = Listed { entry: entry.parse().expect("an entry"), note: None, until: None };
    Allowlist::new(Mode::Enforce, vec![listed]).expect("a list")
}

fn with_domains(upstream: &Upstream) -> World {
    let change_key: fn(&mut KeyPolicy) = |key| key.lists = domains("*.shop.example");
    Plan { change_key, ..Plan::open(upstream.url()) }.start()
}

#[test]
fn an_address_that_is_not_on_the_list_is_told_and_nothing_else_of_the_list_is() {
    let upstream = Upstream::saying("x");
    let change_key: fn(&mut KeyPolicy) = |key| key.lists = addresses("10.0.0.0/8");
    let world = Plan { change_key, ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let answer = caller.ask(world.request("GET /football/a", "x-forwarded-for: 10.0.0.1\r\n", ""));
    assert_eq!((answer.status, answer.header("x-keyward-credits")), (403, None));
    let json = answer.json();
    assert_eq!((&json["code"], &json["seen"]), (&json!("address_not_allowed"), &json!("127.0.0.1")));
    assert!(json["manage"].as_str().is_some_and(|page| page.starts_with("https://keys.example/keys/")), "{json}");
    assert!(!answer.text().contains("10.0.0"), "{json}");
    world.apply(PolicyChange::Key(KeyPolicy { lists: addresses("127.0.0.0/8"), ..world.key.clone() }));
    assert_eq!(caller.ask(world.request("GET /football/a", "", "")).status, 200);
    assert_eq!(upstream.seen().len(), 1);
    let rows = world.rows();
    assert_eq!((rows[0].denial, rows[0].charge), (Some(Denial::AddressNotAllowed), Charge::NOTHING));
    assert_eq!((rows.len(), rows[1].denial), (2, None));
}

#[test]
fn the_page_is_what_origin_says_else_what_referer_says() {
    let upstream = Upstream::saying("x");
    let world = with_domains(&upstream);
    let mut caller = world.caller();
    for (headers, status, seen) in [
        ("origin: https://www.shop.example\r\n", 200, None),
        ("referer: https://www.shop.example/basket?secret=1\r\n", 200, None),
        ("origin: https://www.shop.example\r\nreferer: https://evil.example/\r\n", 200, None),
        ("origin: https://evil.example\r\nreferer: https://www.shop.example/\r\n", 403, Some("evil.example")),
        ("referer: https://evil.example/basket?secret=1\r\n", 403, Some("evil.example")),
        ("origin: null\r\n", 403, None),
        ("", 403, None),
    ] {
        let answer = caller.ask(world.request("GET /football/a", headers, ""));
        assert_eq!(answer.status, status, "{headers}");
        if status == 403 {
            let json = answer.json();
            assert_eq!(json["code"], "domain_not_allowed");
            assert_eq!(json["seen"].as_str(), seen, "{headers}");
        }
    }
    assert_eq!(upstream.seen().len(), 3);
    assert_eq!(world.rows().len(), 7);
}

#[test]
fn a_page_may_be_looked_at_where_the_value_is_in_the_path() {
    let upstream = Upstream::saying(r#"{"jsonrpc":"2.0","id":1,"result":"0x"}"#);
    let world = with_domains(&upstream);
    let call = world.post(r#"{"jsonrpc":"2.0","id":1,"method":"eth_call"}"#);
    let from = |page: &str| call.replacen("\r\n", &format!("\r\nreferer: {page}\r\n"), 1);
    let mut caller = world.caller();
    assert_eq!(caller.ask(from("https://a.shop.example/x")).status, 200);
    let answer = caller.ask(from("https://shop.example/x"));
    assert_eq!((answer.status, &answer.json()["error"]["data"]["code"]), (403, &json!("domain_not_allowed")));
    assert_eq!(upstream.seen().len(), 1);
    assert!(upstream.seen()[0].header("referer").is_none(), "it may hold the value itself");
}

#[test]
fn a_list_that_is_tightened_holds_for_calls_that_wait() {
    let upstream = Upstream::saying("x");
    let plan = Plan { ledger_delay: std::time::Duration::from_millis(400), ..Plan::open(upstream.url()) };
    let world = plan.start();
    let mut caller = world.caller();
    caller.send(world.request("GET /football/a", "", ""));
    std::thread::sleep(std::time::Duration::from_millis(100));
    world.apply(PolicyChange::Key(KeyPolicy { lists: addresses("10.0.0.0/8"), ..world.key.clone() }));
    let answer = caller.answer().expect("an answer");
    assert_eq!((answer.status, &answer.json()["seen"]), (403, &json!("127.0.0.1")));
    assert!(upstream.seen().is_empty());
}

#[test]
fn a_batch_is_decided_on_by_the_lists_that_hold_when_it_goes_up() {
    let upstream = Upstream::saying(r#"[{"jsonrpc":"2.0","id":0,"result":"0x"}]"#);
    let plan = Plan { ledger_delay: std::time::Duration::from_millis(400), ..Plan::open(upstream.url()) };
    let world = plan.start();
    let mut caller = world.caller();
    // The first is free and admitted at once, the second waits for the ledger.
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"web3_a"},{"jsonrpc":"2.0","id":2,"method":"eth_call"}]"#;
    caller.send(world.post(batch));
    std::thread::sleep(std::time::Duration::from_millis(100));
    let methods = Lists { methods: only("eth_call"), ..Lists::default() };
    world.apply(PolicyChange::Key(KeyPolicy { lists: Some(Arc::new(methods)), ..world.key.clone() }));
    let json = caller.answer().expect("an answer").json();
    assert_eq!((&json[0]["error"]["data"]["code"], &json[1]["result"]), (&json!("method_not_allowed"), &json!("0x")));
    let seen = upstream.seen();
    assert_eq!(seen.len(), 1);
    assert!(!String::from_utf8_lossy(&seen[0].body).contains("web3_a"));
    let rows = world.rows();
    assert_eq!(
        (rows.len(), rows.iter().filter(|row| row.ending.as_ref().is_some_and(|end| end.denial.is_some())).count()),
        (2, 1)
    );
}
