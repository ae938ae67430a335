//! Lists that change while a WebSocket is open: what holds for its calls, its subscriptions and itself.

use std::{
    fmt::{Debug, Display},
    str::FromStr,
    sync::Arc,
    thread::sleep,
    time::Duration,
};

use domain::{
    allowlist::{Allowlist, Listed, Lists, Mode},
    decision::Denial,
    policy::{AccountPolicy, PolicyChange},
    quota::{Metric, Scope},
    rate_limit::{Per, RateLimit},
    request_log::Outcome,
};
use serde_json::json;

use super::{call, peers::*, plan, result};
use crate::{
    allowlists::only,
    world::{Plan, World, ending, outcomes},
};

const GOOD: &str = "0x00000000000000000000000000000000000000aa";
const BAD: &str = "0x00000000000000000000000000000000000000bb";
/// How long a ledger takes that calls have to wait for, and long enough for a call to be where it waits.
const SLOW: Duration = Duration::from_millis(400);
const A_WHILE: Duration = Duration::from_millis(100);
const ONE_A_MINUTE: RateLimit =
    RateLimit { scope: Scope::Account, metric: Metric::Requests, per: Per::Minute, limit: 1 };

fn set(world: &World, lists: Lists) {
    world.set_lists(Some(Arc::new(lists)), None);
}

/// A list that is enforced and has these entries.
fn enforced<E: FromStr<Err: Debug> + PartialEq + Display>(entries: &[&str]) -> Allowlist<E> {
    let listed = |entry: &&str| Listed { entry: entry.parse().expect("an entry"), note: None, until: None };
    Allowlist::new(Mode::Enforce, entries.iter().map(listed).collect()).expect("a list")
}

fn methods(entries: &[&str]) -> Lists {
    Lists { methods: enforced(entries), ..Lists::default() }
}

fn contracts(entries: &[&str]) -> Lists {
    Lists { contracts: enforced(entries), ..Lists::default() }
}

/// Answers subscriptions with the id `"0x1"`, and everything else by its method.
fn subscribing() -> SocketUpstream {
    SocketUpstream::start(|text| match text.contains("eth_subscribe") {
        true => vec![Deed::Say(r#"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#.to_owned())],
        false => answers(text).into_iter().map(Deed::Say).collect(),
    })
}

const NEWS: &str = r#"{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":{}}}"#;

fn subscribe(topic: serde_json::Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": topic }).to_string()
}

#[test]
fn a_method_that_is_no_longer_listed_is_denied_in_its_place() {
    let upstream = SocketUpstream::answering();
    let world = plan(&upstream).start();
    let mut caller = connect(&world);
    caller.say(&call("1", "eth_call"));
    assert_eq!(caller.text(), result("1", "eth_call"));
    set(&world, methods(&["eth_chainId"]));
    caller.say(&call("2", "eth_call"));
    assert_eq!(caller.json()["error"]["data"]["code"], "method_not_allowed");
    caller.say(&call("3", "eth_chainId"));
    assert_eq!(caller.text(), result("3", "eth_chainId"), "the connection goes on");
    assert_eq!(upstream.texts().len(), 2);
    drop(caller);
    assert_eq!(outcomes(&world.rows()), [Outcome::Answered, Outcome::Denied, Outcome::Answered]);
}

#[test]
fn a_batch_is_decided_on_by_the_lists_that_hold_when_it_goes_up() {
    let upstream = SocketUpstream::answering();
    let world = Plan { ledger_delay: SLOW, ..plan(&upstream) }.start();
    let mut caller = connect(&world);
    // The first is free and admitted at once, the second waits for the ledger.
    caller.say(&format!("[{},{}]", call("1", "web3_a"), call("2", "eth_call")));
    sleep(A_WHILE);
    set(&world, methods(&["eth_call"]));
    let answer = caller.json();
    assert_eq!(
        (&answer[0]["error"]["data"]["code"], &answer[1]["result"]),
        (&json!("method_not_allowed"), &json!("eth_call"))
    );
    assert_eq!(upstream.texts(), [format!("[{}]", call("2", "eth_call"))]);
    drop(caller);
    let rows = world.rows();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let denied = rows.iter().find(|row| row.method == "web3_a").expect("its row");
    assert_eq!((ending(denied).outcome, ending(denied).denial), (Outcome::Denied, Some(Denial::MethodNotAllowed)));
}

#[test]
fn where_a_call_may_come_from_holds_for_messages_of_either_side() {
    for is_pushed in [false, true] {
        let upstream = SocketUpstream::answering();
        let world = plan(&upstream).start();
        let mut caller = connect(&world);
        caller.say(&call("1", "a"));
        caller.text();
        set(&world, Lists { addresses: only("10.0.0.0/8"), ..Lists::default() });
        if is_pushed {
            upstream.push(NEWS);
        } else {
            caller.say(&call("2", "b"));
        }
        assert_eq!(caller.close(), Some((1008, "address_not_allowed".to_owned())), "pushed: {is_pushed}");
        assert_eq!(upstream.texts().len(), 1);
    }
}

#[test]
fn an_entry_that_ends_holds_for_what_is_pushed_too() {
    let upstream = SocketUpstream::answering();
    let world = plan(&upstream).start();
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let now = domain::time::Timestamp::from_micros(since_1970.as_micros() as i64);
    let until = Some(now.plus(domain::time::SECOND));
    let listed = Listed { entry: "127.0.0.0/8".parse().expect("a network"), note: None, until };
    let addresses = Allowlist::new(Mode::Enforce, vec![listed]).expect("a list");
    set(&world, Lists { addresses, ..Lists::default() });
    let mut caller = connect(&world);
    caller.say(&call("1", "a"));
    caller.text();
    upstream.push(NEWS);
    assert_eq!(caller.text(), NEWS);
    sleep(Duration::from_millis(1_100));
    upstream.push(NEWS);
    assert_eq!(caller.close(), Some((1008, "address_not_allowed".to_owned())));
}

#[test]
fn a_subscription_that_would_be_denied_now_ends_the_connection() {
    let logs = |address: &str| json!(["logs", { "address": address }]);
    let many: Vec<String> = (0..65).map(|number| format!("0x{number:040x}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let cases = [
        (logs(GOOD), contracts(&[GOOD]), None),
        (logs(GOOD), contracts(&[BAD]), Some("contract_not_allowed")),
        (json!(["logs", {}]), contracts(&[GOOD]), Some("contract_not_allowed")),
        (json!(["logs", { "address": many[..64] }]), contracts(&many), None),
        (json!(["logs", { "address": many }]), contracts(&many), Some("contract_not_allowed")),
        (json!(["newHeads"]), contracts(&[GOOD]), None),
        (json!(["newHeads"]), methods(&["eth_subscribe"]), None),
        (json!(["newHeads"]), methods(&["eth_call"]), Some("method_not_allowed")),
    ];
    for (topic, lists, denial) in cases {
        let upstream = subscribing();
        let world = plan(&upstream).start();
        let mut caller = connect(&world);
        caller.say(&subscribe(topic.clone()));
        caller.text();
        upstream.push(NEWS);
        assert_eq!(caller.text(), NEWS, "{topic}");
        set(&world, lists.clone());
        upstream.push(NEWS);
        match denial {
            None => assert_eq!(caller.text(), NEWS, "{topic} {lists:?}"),
            Some(denial) => assert_eq!(caller.close(), Some((1008, denial.to_owned())), "{topic} {lists:?}"),
        }
    }
}

#[test]
fn a_subscription_that_ended_is_not_looked_at() {
    let upstream = SocketUpstream::start(|text| {
        let result = if text.contains("eth_subscribe") { r#""0x1""# } else { "true" };
        vec![Deed::Say(format!(r#"{{"jsonrpc":"2.0","id":1,"result":{result}}}"#))]
    });
    let world = plan(&upstream).start();
    let mut caller = connect(&world);
    caller.say(&subscribe(json!(["logs", { "address": BAD }])));
    caller.text();
    caller.say(r#"{"jsonrpc":"2.0","id":1,"method":"eth_unsubscribe","params":["0x1"]}"#);
    caller.text();
    set(&world, contracts(&[GOOD]));
    upstream.push(r#"{"method":"other_news"}"#);
    assert_eq!(caller.text(), r#"{"method":"other_news"}"#);
}

#[test]
fn limits_that_change_while_a_call_waits_hold_for_the_next() {
    let upstream = SocketUpstream::answering();
    let world = Plan { ledger_delay: SLOW, ..plan(&upstream) }.start();
    let mut caller = connect(&world);
    caller.say(&call("1", "eth_call"));
    sleep(A_WHILE);
    let mut account: AccountPolicy = world.account.clone();
    for subscription in &mut account.subscriptions {
        subscription.rates = vec![ONE_A_MINUTE];
    }
    world.apply(PolicyChange::Account(account));
    assert_eq!(caller.text(), result("1", "eth_call"));
    caller.say(&call("2", "eth_call"));
    assert_eq!(caller.text(), result("2", "eth_call"));
    caller.say(&call("3", "eth_call"));
    assert_eq!(caller.json()["error"]["data"]["code"], "rate_limited");
}
