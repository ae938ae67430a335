//! Beyond a quota: served, told in the answer's head and in the row, and at its end refused like any quota.

use domain::quota::UNLIMITED;
use serde_json::json;

use crate::{upstream::Upstream, world::Plan};

#[test]
fn calls_beyond_a_quota_are_served_and_told_until_they_too_are_used_up() {
    let upstream = Upstream::saying("x");
    let world = Plan { requests: Some(2), overage: Some(3), ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let told = [0; 7].map(|_| {
        let answer = caller.ask(world.request("GET /football/a", "", ""));
        (answer.status, answer.header("x-keyward-overage").map(str::to_owned))
    });
    let beyond = |used| Some(format!("\"day\";q=3;u={used}"));
    let expected = [
        (200, None),
        (200, None),
        (200, beyond(1)),
        (200, beyond(2)),
        (200, beyond(3)),
        (429, beyond(3)),
        (429, beyond(3)),
    ];
    assert_eq!(told, expected);
    let usage = caller.ask(world.request("GET /football/.keyward/usage", "", "")).json();
    assert_eq!(usage["limits"][0]["overage"], json!({ "limit": 3, "used": 3 }));
    assert_eq!(upstream.seen().len(), 5);
    let rows = world.rows();
    let sum = |part: fn(&domain::request_log::Row) -> u32| rows.iter().map(|row| u64::from(part(row))).sum::<u64>();
    assert_eq!((sum(|row| row.charge.requests), sum(|row| row.overage.requests)), (5, 3));
    assert_eq!(sum(|row| row.overage.credits), 0, "no quota of credits was used up");
}

#[test]
fn without_an_end_nothing_is_refused_and_what_went_beyond_is_told() {
    let upstream = Upstream::saying("x");
    let world = Plan { requests: Some(1), overage: Some(UNLIMITED), ..Plan::open(upstream.url()) }.start();
    let mut caller = world.caller();
    let answers = [0; 30].map(|_| caller.ask(world.request("GET /football/a", "", "")));
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(answers[29].header("x-keyward-overage"), Some("\"day\";u=29"));
    assert_eq!(answers[29].header("ratelimit"), None, "nothing is to be slowed down for");
    assert_eq!(world.rows().iter().map(|row| row.overage.requests).sum::<u32>(), 29);
}
