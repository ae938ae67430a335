//! Calls: each message as an HTTP body would be, each call by itself, answers by their ids.

use domain::{
    decision::{Denial, NotReady},
    request_log::Outcome,
};
use serde_json::{Value, json};
use websocket::frame::Opcode;

use super::{call, peers::*, plan, result, world};
use crate::world::{ending, outcomes};

#[test]
fn a_table_of_messages() {
    let upstream = SocketUpstream::answering();
    let world = world(&upstream);
    let mut caller = connect(&world);
    // What is sent, what goes up (none: it is the same), what comes down.
    let cases: &[(&str, Option<&str>, &str)] = &[
        (&call("1", "eth_chainId"), None, &result("1", "eth_chainId")),
        (&call("\"a b\"", "eth_chainId"), None, &result("\"a b\"", "eth_chainId")),
        (&call("null", "eth_chainId"), None, &result("null", "eth_chainId")),
        // The upstream writes it as 1.0 does not stand; the caller gets its own bytes back.
        (&call("1e0", "eth_chainId"), None, &result("1e0", "eth_chainId")),
        (&call("\"\\u0031\"", "a"), None, &result("\"\\u0031\"", "a")),
        (
            &format!("[{},{}]", call("1", "a"), call("2", "b")),
            None,
            &format!("[{},{}]", result("1", "a"), result("2", "b")),
        ),
        (
            &format!("[{},{},{}]", call("1", "a"), r#"{"jsonrpc":"2.0","method":"n"}"#, call("1e0", "b")),
            Some(&format!("[{},{}]", call("1", "a"), r#"{"jsonrpc":"2.0","method":"n"}"#)),
            &format!("[{},!]", result("1", "a")),
        ),
        (
            &format!("[{},7]", call("1", "a")),
            Some(&format!("[{}]", call("1", "a"))),
            &format!("[{},!]", result("1", "a")),
        ),
        ("[7]", Some(""), "[!]"),
        ("[]", Some(""), "!"),
        ("{", Some(""), "!"),
        (r#"{"jsonrpc":"2.0","id":1,"method":"a","Method":"b"}"#, Some(""), "!"),
    ];
    let mut seen = 0;
    for (sent, goes_up, comes_down) in cases {
        caller.say(sent);
        let got = caller.text();
        // An error of ours stands where `!` does.
        let parts: Vec<&str> = comes_down.split('!').collect();
        assert!(got.starts_with(parts[0]) && got.ends_with(parts[parts.len() - 1]), "{sent}: {got}");
        assert_eq!(got == *comes_down, parts.len() == 1, "{sent}: {got}");
        let goes_up = goes_up.unwrap_or(sent);
        let texts = upstream.texts();
        let expected = usize::from(!goes_up.is_empty());
        assert_eq!(texts[seen..], vec![goes_up.to_owned(); expected], "{sent}");
        seen = texts.len();
    }
    drop(caller);
    let rows = world.rows();
    let denied = rows.iter().filter(|row| ending(row).outcome == Outcome::Denied).count();
    assert_eq!((rows.len(), denied), (7 + 3 + 2 + 1 + 1 + 1 + 1, 1 + 1 + 1 + 1 + 1 + 1), "{rows:?}");
    assert!(rows.iter().all(|row| ending(row).status == 200));
    let batches = rows.iter().filter(|row| row.batch.is_some()).count();
    assert_eq!(batches, 2 + 3 + 2 + 1);
}

#[test]
fn notifications_have_no_answer() {
    let upstream = SocketUpstream::answering();
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(r#"{"jsonrpc":"2.0","method":"one"}"#);
    caller.say(r#"[{"jsonrpc":"2.0","method":"two"}]"#);
    caller.say(&call("3", "three"));
    assert_eq!(caller.text(), result("3", "three"));
    drop(caller);
    assert_eq!(outcomes(&world.rows()), [Outcome::Answered; 3]);
}

#[test]
fn an_error_of_the_upstream_is_a_failed_call() {
    let upstream =
        SocketUpstream::start(|_| vec![Deed::Say(r#"{"id":1,"error":{"code":3,"message":"no"}}"#.to_owned())]);
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "eth_call"));
    assert_eq!(caller.json()["error"]["code"], 3);
    drop(caller);
    let rows = world.rows();
    let end = ending(&rows[0]);
    assert_eq!((end.outcome, end.rpc_error, rows[0].charge.credits), (Outcome::Failed, Some(3), 20));
}

#[test]
fn an_id_in_flight_may_not_come_again() {
    let upstream = SocketUpstream::start(|text| {
        if text.contains("slow") { Vec::new() } else { answers(text).into_iter().map(Deed::Say).collect() }
    });
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "slow"));
    caller.say(&call("1.0", "quick"));
    let refused = caller.json();
    assert_eq!((&refused["id"], &refused["error"]["data"]["code"]), (&json!(1.0), &json!("malformed")));
    assert!(refused["error"]["message"].as_str().is_some_and(|text| text.contains("same id")), "{refused}");
    caller.say(&call("2", "quick"));
    assert_eq!(caller.text(), result("2", "quick"));
    assert_eq!(upstream.texts().len(), 2);
}

#[test]
fn answers_come_in_any_order_and_strangers_are_dropped() {
    let upstream = SocketUpstream::start(|text| match text.contains("\"b\"") {
        false => Vec::new(),
        true => {
            [result("9", "stranger"), result("2", "b"), result("2", "again"), result("1", "a")].map(Deed::Say).into()
        }
    });
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&call("1", "a"));
    caller.say(&call("2", "b"));
    assert_eq!([caller.text(), caller.text()], [result("2", "b"), result("1", "a")]);
}

#[test]
fn what_a_batch_answer_leaves_out_is_an_error_in_its_place() {
    let upstream = SocketUpstream::start(|_| vec![Deed::Say(format!("[{}]", result("2", "b")))]);
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&format!("[{},{}]", call("1", "a"), call("2", "b")));
    let got = caller.json();
    assert_eq!((&got[0]["id"], &got[0]["error"]["data"]["code"]), (&json!(1), &json!("upstream_incomplete")));
    assert_eq!(got[1]["result"], "b");
}

#[test]
fn a_batch_that_is_answered_one_by_one_is_put_together() {
    let upstream = SocketUpstream::start(|_| [result("2", "b"), result("1", "a")].map(Deed::Say).into());
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.say(&format!("[{},{}]", call("1", "a"), call("2", "b")));
    assert_eq!(caller.text(), format!("[{},{}]", result("1", "a"), result("2", "b")));
}

#[test]
fn a_used_up_quota_is_told_in_place_and_the_socket_goes_on() {
    let upstream = SocketUpstream::answering();
    let world = crate::world::Plan { requests: Some(2), ..plan(&upstream) }.start();
    let mut caller = connect(&world);
    let mut codes = Vec::new();
    for id in 1..=4 {
        caller.say(&call(&id.to_string(), "eth_chainId"));
        let answer = caller.json();
        assert_eq!(answer["id"], id);
        codes.push(answer["error"]["data"]["code"].clone());
    }
    let exhausted = json!("quota_exhausted");
    assert_eq!(codes, [Value::Null, Value::Null, exhausted.clone(), exhausted]);
    assert_eq!(upstream.texts().len(), 2);
    drop(caller);
    let rows = world.rows();
    assert_eq!(rows.iter().map(|row| row.charge.requests).sum::<u32>(), 2);
    assert_eq!(rows.iter().filter(|row| row.denial == ending(row).denial && row.denial.is_some()).count(), 2);
}

#[test]
fn calls_that_wait_and_subscriptions_have_limits() {
    let upstream = SocketUpstream::start(|text| match text.contains("_subscribe") {
        true => vec![Deed::Say(text.replace("\"method\":\"eth_subscribe\"", "\"result\":\"0x1\""))],
        false => Vec::new(),
    });
    let mut plan = plan(&upstream);
    (plan.limits.socket_calls, plan.limits.socket_subscriptions) = (2, 1);
    let world = plan.start();
    let mut caller = connect(&world);
    caller.say(&call("1", "eth_subscribe"));
    assert_eq!(caller.json()["result"], "0x1");
    for method in ["eth_subscribe", "slow", "slow", "slow"] {
        caller.say(&call(&format!("\"{method}{}\"", upstream.texts().len()), method));
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
    let reasons: Vec<String> = (0..2).map(|_| caller.json()["error"]["message"].to_string()).collect();
    assert!(reasons[0].contains("subscriptions") && reasons[1].contains("wait for their answers"), "{reasons:?}");
    drop(caller);
    let overloaded = Some(Denial::NotReady(NotReady::Overloaded));
    assert_eq!(world.rows().iter().filter(|row| row.denial == overloaded).count(), 2);
}

#[test]
fn a_late_answer_is_told_as_such_and_its_own_is_dropped() {
    let upstream = SocketUpstream::start(|text| match text.contains("slow") {
        true => Vec::new(),
        false => vec![Deed::Say(result("1", "slow")), Deed::Say(result("2", "quick"))],
    });
    let plan = crate::world::Plan {
        change: |apis| apis[1].answer_time_out = std::time::Duration::from_millis(300),
        ..plan(&upstream)
    };
    let world = plan.start();
    let mut caller = connect(&world);
    caller.say(&call("1", "slow"));
    assert_eq!(caller.json()["error"]["data"]["code"], "upstream_timeout");
    caller.say(&call("2", "quick"));
    assert_eq!(caller.text(), result("2", "quick"));
    drop(caller);
    let rows = world.rows();
    assert_eq!(outcomes(&rows), [Outcome::Failed, Outcome::Answered]);
    assert_eq!(ending(&rows[0]).denial, Some(Denial::UpstreamTimeout));
}

#[test]
fn a_binary_message_is_a_call_if_it_is_text_and_goes_up_as_text() {
    let upstream = SocketUpstream::answering();
    let world = world(&upstream);
    let mut caller = connect(&world);
    caller.frame(Opcode::Binary, call("1", "eth_chainId").as_bytes());
    assert_eq!(caller.text(), result("1", "eth_chainId"));
    caller.frame(Opcode::Binary, b"");
    assert_eq!(caller.json()["error"]["data"]["code"], "malformed");
    assert_eq!(upstream.texts(), [call("1", "eth_chainId")]);
}
