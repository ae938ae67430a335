//! Answers that say in their body that the call failed: so in its row, and charged unless the rule says otherwise.

use domain::{call::Charge, request_log::Outcome};
use gateway::settings::{ApiSettings, RefundRule};

use crate::{
    upstream::{Action, Upstream},
    world::{Plan, World, ending, outcomes},
};

fn answering(kind: &'static str, body: String) -> Upstream {
    Upstream::start(move |_| {
        let length = body.len();
        Action::Say(
            format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes(),
        )
    })
}

fn looking(apis: &mut [ApiSettings; 2]) {
    apis[0].failed_when = Some("/errors non-empty".parse().expect("a condition"));
}

fn refunding(apis: &mut [ApiSettings; 2]) {
    looking(apis);
    apis[0].refund = RefundRule { failed_when: true, ..RefundRule::default() };
}

fn world(upstream: &Upstream, change: fn(&mut [ApiSettings; 2])) -> World {
    Plan { change, ..Plan::open(upstream.url()) }.start()
}

#[test]
fn short_json_answers_are_looked_into_and_pass_as_they_are() {
    let long = format!(r#"{{"errors":["x"],"more":"{}"}}"#, "x".repeat(9_000));
    for (kind, body, outcome) in [
        ("application/json", r#"{"errors":{"token":"x"}}"#, Outcome::Failed),
        ("application/problem+json; charset=utf-8", r#"{"errors":["x"]}"#, Outcome::Failed),
        ("application/json", r#"{"errors":[]}"#, Outcome::Answered),
        ("text/plain", r#"{"errors":["x"]}"#, Outcome::Answered),
        ("application/json", &long, Outcome::Answered),
    ] {
        let upstream = answering(kind, body.to_owned());
        let world = world(&upstream, looking);
        let answer = world.caller().ask(world.request("GET /football/leagues/39", "accept-encoding: gzip\r\n", ""));
        assert_eq!((answer.status, answer.text(), answer.header("x-keyward-credits")), (200, body, Some("3")));
        assert_eq!(upstream.seen()[0].header("accept-encoding"), Some("identity"));
        let rows = world.rows();
        assert_eq!((outcomes(&rows), ending(&rows[0]).refund), (vec![outcome], Charge::NOTHING), "{kind}");
        assert_eq!(ending(&rows[0]).bytes_out, body.len() as u64);
    }
}

#[test]
fn the_rule_may_give_the_charge_back() {
    let upstream = answering("application/json", r#"{"errors":["x"]}"#.to_owned());
    let world = world(&upstream, refunding);
    let answer = world.caller().ask(world.request("GET /football/leagues/39", "", ""));
    assert_eq!(answer.header("x-keyward-credits"), Some("0"));
    assert_eq!(ending(&world.rows()[0]).refund, Charge { requests: 1, credits: 3 });
}

#[test]
fn without_a_rule_nothing_is_looked_into() {
    let upstream = answering("application/json", r#"{"errors":["x"]}"#.to_owned());
    let world = world(&upstream, |_| {});
    assert_eq!(world.caller().ask(world.request("GET /football/a", "accept-encoding: gzip\r\n", "")).status, 200);
    assert_eq!(upstream.seen()[0].header("accept-encoding"), Some("gzip"));
    assert_eq!(outcomes(&world.rows()), [Outcome::Answered]);
}
