//! Pushes: counted by the minute where they cost nothing, admitted one by one where they do.

use domain::{decision::Denial, price::Price, quota::Scope, request_log::Outcome};

use super::{call, peers::*, plan};
use crate::world::{Plan, ending};

fn news(subscription: &str, number: u32) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","method":"eth_subscription","params":{{"subscription":"{subscription}","result":{number}}}}}"#
    )
}

/// Each subscription gets the id that its call has.
fn subscribing() -> SocketUpstream {
    SocketUpstream::start(|text| {
        let call: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let subscription = format!("\"0x{}\"", call["id"]);
        let result = if call["method"] == "eth_subscribe" { subscription.as_str() } else { "true" };
        vec![Deed::Say(format!(r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#, call["id"]))]
    })
}

#[test]
fn free_pushes_have_a_row_for_each_subscription_and_minute() {
    let upstream = subscribing();
    let world = plan(&upstream).start();
    let mut caller = connect(&world);
    for id in ["1", "2"] {
        caller.say(&call(id, "eth_subscribe"));
        caller.text();
    }
    let mut expected = 0;
    for number in 0..30 {
        let text = news(if number % 3 == 0 { "0x1" } else { "0x2" }, number);
        upstream.push(&text);
        assert_eq!(caller.text(), text);
        expected += text.len() as u64;
    }
    upstream.push(r#"{"method":"other_news"}"#);
    caller.text();
    drop(caller);
    let mut rows = world.rows();
    rows.retain(|row| row.method != "eth_subscribe");
    // The test may run across the end of a minute; then each part has its row.
    let sum = |method: &str| rows.iter().filter(|row| row.method == method).map(|row| row.count).sum::<u64>();
    assert_eq!((sum("eth_subscription"), sum("other_news")), (30, 1));
    assert!((3..=6).contains(&rows.len()), "{rows:?}");
    assert!(rows.iter().all(|row| ending(row).outcome == Outcome::Answered && row.charge.requests == 0));
    let bytes: u64 = rows.iter().filter(|row| row.method == "eth_subscription").map(|row| ending(row).bytes_out).sum();
    assert_eq!(bytes, expected);
}

fn priced(upstream: &SocketUpstream, requests: u64) -> Plan {
    let change: fn(&mut _) = |apis: &mut [gateway::settings::ApiSettings; 2]| {
        apis[1].api.prices.patterns.push(("eth_subscription".to_owned(), Price::Credits(1)));
    };
    Plan { requests: Some(requests), change, ..plan(upstream) }
}

#[test]
fn priced_pushes_are_admitted_until_none_is_left() {
    let upstream = subscribing();
    let world = priced(&upstream, 4).start();
    let mut caller = connect(&world);
    caller.say(&call("1", "eth_subscribe"));
    caller.text();
    for number in 0..3 {
        upstream.push(&news("0x1", number));
        assert_eq!(caller.text(), news("0x1", number));
    }
    upstream.push(&news("0x1", 3));
    assert_eq!(caller.close(), Some((1013, "quota_exhausted".to_owned())), "not delivered");
    drop(caller);
    let rows = world.rows();
    assert_eq!(rows.iter().map(|row| row.charge.requests).sum::<u32>(), 4);
    let last = rows.last().expect("rows");
    assert_eq!((last.method.as_str(), last.denial), ("eth_subscription", Some(Denial::QuotaExhausted(Scope::Account))));
}

#[test]
fn an_ended_subscription_makes_room_for_another() {
    let upstream = subscribing();
    let mut plan = plan(&upstream);
    plan.limits.socket_subscriptions = 1;
    let world = plan.start();
    let mut caller = connect(&world);
    let mut told = Vec::new();
    for (id, method, params) in [
        (1, "eth_subscribe", "[]"),
        (2, "eth_subscribe", "[]"),
        (3, "eth_unsubscribe", "[\"0x1\"]"),
        (4, "eth_subscribe", "[]"),
    ] {
        caller.say(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#));
        told.push(caller.json().get("error").is_none());
    }
    assert_eq!(told, [true, false, true, true]);
}
