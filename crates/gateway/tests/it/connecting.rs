//! Policies that change while the connection to the upstream is opened: the calls that wait for it are decided on again.

use std::{sync::Arc, thread::sleep, time::Duration};

use domain::{
    allowlist::Lists,
    call::Charge,
    decision::{Denial, NotReady},
    request_log::{Outcome, RowState},
};
use serde_json::json;

use crate::{
    allowlists::only,
    upstream::{Queue, Upstream},
    world::{Plan, World, ending},
};

/// Long enough for a call to be where it waits.
const A_WHILE: Duration = Duration::from_millis(200);

/// What the test answers with where calls go up.
const ANSWER: &str = r#"{"jsonrpc":"2.0","id":1,"result":"0x"}"#;

fn waiting() -> (Queue, World) {
    let queue = Upstream::queue();
    let world = Plan::open(queue.url()).start();
    (queue, world)
}

fn set_lists(world: &World, lists: Lists) {
    world.set_lists(Some(Arc::new(lists)), None);
}

/// Nothing went up, each call is charged nothing, and its row says why.
fn are_denied(world: World, upstream: &Upstream, denials: &[Denial]) {
    assert!(upstream.seen().is_empty());
    let rows = world.rows();
    let told: Vec<_> = rows.iter().map(|row| (ending(row).denial, ending(row).outcome, ending(row).state())).collect();
    let expected: Vec<_> = denials.iter().map(|&denial| (Some(denial), Outcome::Denied, RowState::Closed)).collect();
    assert_eq!(told, expected);
    assert!(rows.iter().all(|row| row.charge != Charge::NOTHING && ending(row).refund == row.charge));
}

#[test]
fn a_call_goes_up_when_nothing_has_changed_against_it() {
    let (queue, world) = waiting();
    let mut caller = world.caller();
    caller.send(world.request("GET /football/a", "", ""));
    sleep(A_WHILE);
    set_lists(&world, Lists { methods: only("GET /a"), ..Lists::default() });
    let upstream = queue.serve("x");
    assert_eq!(caller.answer().expect("an answer").status, 200);
    assert_eq!(upstream.seen().len(), 1);
    assert_eq!(ending(&world.rows()[0]).outcome, Outcome::Answered);
}

#[test]
fn a_call_is_denied_by_the_list_that_came_meanwhile() {
    let cases = [
        (Lists { addresses: only("10.0.0.0/8"), ..Lists::default() }, Denial::AddressNotAllowed, "127.0.0.1"),
        (Lists { methods: only("GET /b"), ..Lists::default() }, Denial::MethodNotAllowed, "GET /a"),
    ];
    for (lists, denial, seen) in cases {
        let (queue, world) = waiting();
        let mut caller = world.caller();
        caller.send(world.request("GET /football/a", "", ""));
        sleep(A_WHILE);
        set_lists(&world, lists);
        let upstream = queue.serve("x");
        let answer = caller.answer().expect("an answer");
        assert_eq!((answer.status, &answer.json()["seen"]), (403, &json!(seen)));
        are_denied(world, &upstream, &[denial]);
    }
}

#[test]
fn a_call_with_a_body_that_still_comes_is_denied_too() {
    let (queue, world) = waiting();
    let mut caller = world.caller();
    caller.send(world.request("POST /football/a", "content-length: 100000\r\n", ""));
    caller.send("the beginning");
    sleep(A_WHILE);
    set_lists(&world, Lists { methods: only("GET /b"), ..Lists::default() });
    let upstream = queue.serve("x");
    assert_eq!(caller.answer().expect("an answer").json()["code"], json!("method_not_allowed"));
    are_denied(world, &upstream, &[Denial::MethodNotAllowed]);
}

#[test]
fn a_call_of_json_rpc_is_denied_in_its_place() {
    let (queue, world) = waiting();
    let mut caller = world.caller();
    caller.send(world.post(r#"{"jsonrpc":"2.0","id":7,"method":"eth_call"}"#));
    sleep(A_WHILE);
    set_lists(&world, Lists { methods: only("eth_chainId"), ..Lists::default() });
    let upstream = queue.serve(ANSWER);
    let json = caller.answer().expect("an answer").json();
    assert_eq!((&json["id"], &json["error"]["data"]["code"]), (&json!(7), &json!("method_not_allowed")));
    are_denied(world, &upstream, &[Denial::MethodNotAllowed]);
}

#[test]
fn a_batch_stays_down_when_one_of_its_calls_may_not_go_up() {
    let (queue, world) = waiting();
    let mut caller = world.caller();
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"eth_call"},{"jsonrpc":"2.0","id":2,"method":"eth_chainId"}]"#;
    caller.send(world.post(batch));
    sleep(A_WHILE);
    set_lists(&world, Lists { methods: only("eth_chainId"), ..Lists::default() });
    let upstream = queue.serve("[]");
    let json = caller.answer().expect("an answer").json();
    let told = [0, 1].map(|place| (&json[place]["id"], &json[place]["error"]["data"]["code"]));
    assert_eq!(told, [(&json!(1), &json!("method_not_allowed")), (&json!(2), &json!("not_ready"))]);
    are_denied(world, &upstream, &[Denial::MethodNotAllowed, Denial::NotReady(NotReady::PolicyStale)]);
}
