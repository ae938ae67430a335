//! A key that asks for its secret: what is told without it, and that it never goes on.

use std::sync::Arc;

use domain::{
    call::Charge,
    decision::Denial,
    key::secret::{ENTROPY, SecretText},
    policy::{KeyPolicy, PolicyChange, SecretPolicy},
};
use serde_json::json;

use crate::{
    upstream::Upstream,
    world::{Plan, World},
};

fn secret() -> SecretText {
    SecretText::draw([5; ENTROPY])
}

fn asking(upstream: &Upstream) -> World {
    let change_key: fn(&mut KeyPolicy) =
        |key| key.secret = Some(Arc::new(SecretPolicy { hash: secret().hash(), former: None }));
    Plan { change_key, ..Plan::open(upstream.url()) }.start()
}

/// `Authorization: Basic` with an empty name, as `curl -u :secret` sends it.
fn basic(password: &str) -> String {
    use base64::Engine;
    let pair = base64::engine::general_purpose::STANDARD.encode(format!(":{password}"));
    format!("authorization: Basic {pair}\r\n")
}

#[test]
fn a_request_without_the_secret_goes_nowhere_and_with_it_the_secret_goes_no_further() {
    let upstream = Upstream::saying("x");
    let world = asking(&upstream);
    let mut caller = world.caller();
    let right = secret().reveal().to_owned();
    for (headers, status, code) in [
        (String::new(), 401, Some("secret_missing")),
        ("x-api-secret: \r\n".to_owned(), 401, Some("secret_missing")),
        ("authorization: Basic YWRhOnB3\r\n".to_owned(), 401, Some("secret_missing")),
        ("x-api-secret: ks_junk\r\n".to_owned(), 401, Some("secret_wrong")),
        (format!("x-api-secret: {}\r\n", world.value), 401, Some("secret_wrong")),
        (basic("ks_junk"), 401, Some("secret_wrong")),
        (format!("x-api-secret: {right}\r\n"), 200, None),
        (basic(&right), 200, None),
    ] {
        let answer = caller.ask(world.request("GET /football/a", &headers, ""));
        assert_eq!(answer.status, status, "{headers}");
        if let Some(code) = code {
            assert_eq!(answer.json()["code"], code, "{headers}");
        }
    }
    let seen = upstream.seen();
    assert_eq!(seen.len(), 2);
    for request in &seen {
        assert!(request.header("x-api-secret").is_none() && !format!("{request:?}").contains("Basic"), "{request:?}");
    }
    let rows = world.rows();
    assert_eq!((rows.len(), rows[0].denial, rows[0].charge), (8, Some(Denial::SecretMissing), Charge::NOTHING));
}

#[test]
fn json_rpc_is_told_in_one_error_object() {
    let upstream = Upstream::saying(r#"{"jsonrpc":"2.0","id":1,"result":"0x"}"#);
    let world = asking(&upstream);
    let answer = world.caller().ask(world.post(r#"{"jsonrpc":"2.0","id":1,"method":"eth_call"}"#));
    assert_eq!((answer.status, &answer.json()["error"]["data"]["code"]), (401, &json!("secret_missing")));
    assert!(upstream.seen().is_empty());
}

#[test]
fn where_no_secret_is_asked_for_it_is_ignored_and_still_removed() {
    let upstream = Upstream::saying("x");
    let world = Plan::open(upstream.url()).start();
    let headers = format!("x-api-secret: ks_junk\r\n{}", basic("ks_junk"));
    assert_eq!(world.caller().ask(world.request("GET /football/a", &headers, "")).status, 200);
    let seen = upstream.seen();
    assert!(seen[0].header("x-api-secret").is_none() && seen[0].header("authorization").is_none());
    world.apply(PolicyChange::Key(KeyPolicy {
        secret: Some(Arc::new(SecretPolicy { hash: secret().hash(), former: None })),
        ..world.key.clone()
    }));
    assert_eq!(world.caller().ask(world.request("GET /football/a", &headers, "")).status, 401, "from then on");
}
