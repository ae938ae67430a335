//! JSON-RPC: single calls and batches, whole and split.

use domain::{call::Charge, decision::Denial, quota::Scope, request_log::Outcome};
use serde_json::{Value, json};

use crate::{
    upstream::{Action, Seen, Upstream, ok, say},
    world::{Plan, SECRET, ending, outcomes},
};

/// A node of one line: each call's method is its result, the method `fail` an error, `gone` leaves no answer.
fn node() -> Upstream {
    Upstream::start(|seen| match serde_json::from_slice(&seen.body).expect("JSON") {
        Value::Array(calls) => {
            let mut answers: Vec<Value> = calls.iter().filter_map(answer_to).collect();
            answers.reverse();
            ok(&Value::Array(answers).to_string())
        }
        call => {
            answer_to(&call).map_or_else(|| say("HTTP/1.1 204 No Content\r\n\r\n"), |answer| ok(&answer.to_string()))
        }
    })
}

fn answer_to(call: &Value) -> Option<Value> {
    let id = call.get("id")?;
    match call["method"].as_str() {
        Some("gone") => None,
        Some("fail") => Some(json!({"jsonrpc": "2.0", "id": id, "error": {"code": 3, "message": "reverted"}})),
        method => Some(json!({"jsonrpc": "2.0", "id": id, "result": method})),
    }
}

fn body(seen: &Seen) -> &str {
    std::str::from_utf8(&seen.body).expect("text")
}

#[test]
fn a_single_call_goes_up_and_comes_down_as_it_is() {
    let upstream = node();
    let world = Plan { credits: Some(1_000), ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let call = r#" {"jsonrpc":"2.0", "id":1e0,"method":"eth_call","params":[{}]}"#;
    let answer = caller.ask(world.post(call));
    assert_eq!((answer.status, answer.json()["result"].clone()), (200, json!("eth_call")));
    assert_eq!(answer.header("x-keyward-credits"), Some("20"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    let answer = caller.ask(world.post(r#"{"jsonrpc":"2.0","id":2,"method":"fail"}"#));
    assert_eq!(answer.json()["error"]["code"], 3);
    let answer = caller.ask(world.post(r#"{"jsonrpc":"2.0","method":"web3_note"}"#));
    assert_eq!((answer.status, answer.body.len()), (204, 0));

    let seen = upstream.seen();
    assert_eq!((seen[0].line.as_str(), body(&seen[0])), ("POST / HTTP/1.1", call));
    assert_eq!(seen[0].header("authorization"), Some(format!("Bearer {SECRET}").as_str()));
    let rows = world.rows();
    assert_eq!(outcomes(&rows), [Outcome::Answered, Outcome::Failed, Outcome::Answered]);
    assert_eq!(rows[0].path, "/eth/v1/mainnet/{key}");
    assert_eq!((rows[0].network.as_deref(), rows[0].charge), (Some("mainnet"), Charge::priced(20)));
    assert_eq!(ending(&rows[1]).rpc_error, Some(3));
    assert_eq!((rows[2].method.as_str(), rows[2].charge), ("web3_note", Charge::NOTHING));
}

#[test]
fn a_batch_whose_calls_are_all_allowed_goes_up_as_it_is() {
    let upstream = node();
    let world = Plan::open(upstream.url()).start();
    let batch = r#"[ {"jsonrpc":"2.0","id":"a","method":"one"}, {"jsonrpc":"2.0","id":2,"method":"fail"} ,{"jsonrpc":"2.0","method":"note"}]"#;
    let answer = world.caller().ask(world.post(batch));
    assert_eq!(answer.header("x-keyward-credits"), Some("30"));
    assert_eq!(answer.json().as_array().map(Vec::len), Some(2));
    assert_eq!(body(&upstream.seen()[0]), batch);
    let rows = world.rows();
    assert_eq!(outcomes(&rows), [Outcome::Answered, Outcome::Failed, Outcome::Answered]);
    let request = rows[0].request;
    assert_eq!(rows.iter().map(|row| row.batch).collect::<Vec<_>>(), [0, 1, 2].map(|place| Some((request, place))));
}

#[test]
fn repeated_ids_come_back_byte_for_byte_and_in_order() {
    let upstream = node();
    let world = Plan::open(upstream.url()).start();
    let batch = r#"[{"jsonrpc":"2.0","id":1.0,"method":"one"},{"jsonrpc":"2.0","id":1,"method":"two"},{"jsonrpc":"2.0","id":"\u0031","method":"three"}]"#;
    let answer = world.caller().ask(world.post(batch));
    let text = answer.text().to_owned();
    assert!(text.contains(r#""id":1.0"#) && text.contains(r#""id":"\u0031""#), "{text}");
    let results: Vec<_> = answer.json().as_array().expect("an array").iter().map(|one| one["result"].clone()).collect();
    assert_eq!(results, [json!("one"), json!("two"), json!("three")]);
    assert!(
        body(&upstream.seen()[0]).contains(r#""id":2,"method":"three""#),
        "numbered: {}",
        body(&upstream.seen()[0])
    );
    assert_eq!(upstream.seen()[0].header("accept-encoding"), Some("identity"));
    assert_eq!(world.rows().len(), 3);
}

#[test]
fn a_batch_is_split_where_the_quota_ends() {
    let upstream = node();
    let world = Plan { requests: Some(2), ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let batch = r#"[{"jsonrpc":"2.0","id":7,"method":"one"},{"id":8},{"jsonrpc":"2.0","id":9,"method":"two"},{"jsonrpc":"2.0","id":10,"method":"three"},{"jsonrpc":"2.0","method":"four"}]"#;
    let answer = caller.ask(world.post(batch));
    assert_eq!(answer.status, 200);
    let json = answer.json();
    let answers = json.as_array().expect("an array");
    let ids: Vec<_> = answers.iter().map(|answer| answer["id"].clone()).collect();
    assert_eq!(ids, [json!(7), json!(8), json!(9), json!(10)]);
    assert_eq!((&answers[0]["result"], &answers[2]["result"]), (&json!("one"), &json!("two")));
    assert_eq!(answers[1]["error"]["code"], -32600);
    let error = &answers[3]["error"];
    assert_eq!((&error["code"], &error["data"]["code"]), (&json!(-32005), &json!("quota_exhausted")));
    assert_eq!(error["data"]["rule"], "account");
    assert!(error["data"]["retry_at"].as_str().is_some_and(|moment| moment.ends_with("T00:00:00Z")));
    assert_eq!(
        body(&upstream.seen()[0]),
        r#"[{"jsonrpc":"2.0","id":0,"method":"one"},{"jsonrpc":"2.0","id":1,"method":"two"}]"#
    );

    let all_denied = caller.ask(world.post(r#"[{"jsonrpc":"2.0","id":1,"method":"x"}]"#));
    assert_eq!(all_denied.json()[0]["error"]["code"], -32005);
    let only_notes = caller.ask(world.post(r#"[{"jsonrpc":"2.0","method":"x"}]"#));
    assert_eq!((only_notes.status, only_notes.body.len()), (204, 0));
    assert_eq!(upstream.seen().len(), 1);
    let rows = world.rows();
    assert_eq!(rows.iter().map(|row| row.count).sum::<u64>(), 7);
    let charged: u64 = rows.iter().map(|row| u64::from(row.charge.requests)).sum();
    assert_eq!(charged, 2);
    let exhausted = Some(Denial::QuotaExhausted(Scope::Account));
    assert_eq!(rows.iter().filter(|row| row.denial == exhausted).map(|row| row.count).sum::<u64>(), 4);
}

#[test]
fn a_missing_answer_is_told_in_its_place() {
    let upstream = node();
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    let whole =
        caller.ask(world.post(r#"[{"jsonrpc":"2.0","id":1,"method":"one"},{"jsonrpc":"2.0","id":2,"method":"gone"}]"#));
    let split =
        caller.ask(world.post(r#"[{"jsonrpc":"2.0","id":1,"method":"gone"},{"jsonrpc":"2.0","id":1,"method":"one"}]"#));
    for (answer, place) in [(whole, 1), (split, 0)] {
        let json = answer.json();
        assert_eq!(json.as_array().map(Vec::len), Some(2), "{json}");
        assert_eq!(json[place]["error"]["data"]["code"], "upstream_incomplete", "{json}");
        assert_eq!(json[1 - place]["result"], "one");
    }
    let rows = world.rows();
    let incomplete = |row: &&domain::request_log::Row| ending(row).denial == Some(Denial::UpstreamIncomplete);
    assert_eq!((rows.len(), rows.iter().filter(incomplete).count()), (4, 2));
}

#[test]
fn an_error_for_the_whole_batch_is_each_calls_error() {
    let upstream = Upstream::saying(r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no batches"}}"#);
    let world = Plan::open(upstream.url()).start();
    let batch = r#"[{"jsonrpc":"2.0","id":5,"method":"a"},{"jsonrpc":"2.0","id":5,"method":"b"}]"#;
    let json = world.caller().ask(world.post(batch)).json();
    for place in [0, 1] {
        assert_eq!((&json[place]["id"], &json[place]["error"]["message"]), (&json!(5), &json!("no batches")));
    }
    assert_eq!(outcomes(&world.rows()), [Outcome::Failed; 2]);
}

#[test]
fn long_answers_are_streamed() {
    let long = format!(r#"{{"jsonrpc":"2.0","id":1,"result":"{}"}}"#, "x".repeat(3 << 20));
    let chunked =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    let sized = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{long}", long.len());
    let upstream = Upstream::start(move |seen| {
        let is_chunked = body(seen).contains("chunked");
        Action::Say(if is_chunked { chunked.clone() } else { sized.clone() }.into_bytes())
    });
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    for method in ["chunked", "sized"] {
        let answer = caller.ask(world.post(&format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}"}}"#)));
        assert!(answer.text() == long, "{method}: the answer is whole");
    }
    let rows = world.rows();
    assert_eq!(outcomes(&rows), [Outcome::Answered; 2]);
    assert!(rows.iter().all(|row| ending(row).bytes_out == long.len() as u64));
}

#[test]
fn what_is_no_request_is_refused_as_a_whole() {
    let upstream = node();
    let world = Plan::open(upstream.url()).start();
    let mut caller = world.caller();
    let cases = [
        ("{", 400, -32700, json!(null)),
        ("[]", 400, -32600, json!(null)),
        (r#"{"jsonrpc":"2.0","id":4}"#, 400, -32600, json!(4)),
        (r#"{"jsonrpc":"2.0","id":4,"method":"a","method":"b"}"#, 400, -32600, json!(null)),
    ];
    for (text, status, code, id) in cases {
        let answer = caller.ask(world.post(text));
        assert_eq!(answer.status, status, "{text}");
        let json = answer.json();
        assert_eq!((&json["error"]["code"], &json["id"]), (&json!(code), &id), "{text}");
        assert_eq!(json["error"]["data"]["code"], "malformed");
    }
    let many: Vec<Value> = (0..101).map(|id| json!({"jsonrpc": "2.0", "id": id, "method": "a"})).collect();
    let answer = caller.ask(world.post(&Value::Array(many).to_string()));
    assert_eq!((answer.status, answer.json()["error"]["data"]["code"].clone()), (413, json!("batch_too_large")));
    assert!(upstream.seen().is_empty());
    let denials: Vec<_> = world.rows().iter().map(|row| row.denial).collect();
    let malformed = Some(Denial::Malformed);
    assert_eq!(denials, [malformed, malformed, malformed, malformed, Some(Denial::BatchTooLarge)]);
}
