//! Promise P3 on the real binary: what an operator stops by a command is refused by a running gateway within the bound,
//! with a code that says why; and what can be taken back, works again.

use std::time::{Duration, Instant};

use serde_json::Value;
use testbed::{counting::Counting, http};

use crate::world::{World, WorldOptions};

/// The bound on revocation of the file, and what a busy machine may add.
const BOUND: Duration = Duration::from_secs(2 + 3);
const ANSWER: Duration = Duration::from_secs(10);

#[test]
fn what_is_stopped_is_refused_within_the_bound_and_what_is_taken_back_works() {
    let upstream = Counting::start(Duration::ZERO);
    let options = WorldOptions {
        rest: Some(upstream.url()),
        head: "revocation_bound = \"2s\"".to_owned(),
        ..WorldOptions::default()
    };
    let world = World::start(options);
    becomes(&world, 200, None);
    for (stop, code, again) in [
        (&["account", "suspend", "Acme"][..], "account_suspended", Some(&["account", "activate", "Acme"][..])),
        (&["member", "suspend", "Ada"], "member_suspended", Some(&["member", "activate", "Ada"])),
        (&["key", "disable", "Reports"], "key_disabled", Some(&["key", "enable", "Reports"])),
        (&["member", "remove", "Ada"], "unknown_key", None),
    ] {
        world.terminal.done(stop);
        becomes(&world, if code == "unknown_key" { 401 } else { 403 }, Some(code));
        let arrived = upstream.seen().len();
        call(&world);
        assert_eq!(upstream.seen().len(), arrived, "a refused call does not arrive: {stop:?}");
        if let Some(again) = again {
            world.terminal.done(again);
            becomes(&world, 200, None);
        }
    }
    // Refused calls cost nothing (P5): what was charged is what arrived.
    let mut world = world;
    world.end();
    assert_eq!(world.totals()["requests"], upstream.seen().len());
    world.audit();
}

#[test]
fn a_key_can_be_drawn_anew_limited_and_revoked() {
    let upstream = Counting::start(Duration::ZERO);
    let mut world = World::prepare(WorldOptions { rest: Some(upstream.url()), ..WorldOptions::default() });
    let mine = world.new_key("Mine", &["--holder", "Ada"]);
    world.terminal.done(&["key", "limit", "Mine", "--requests", "3", "--per", "day"]);
    world.serve(&[]);
    let url = format!("{}/limited", world.rest_url());
    let statuses: Vec<_> = (0..5).map(|_| get(&url, &mine).0).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    let (_, told) = get(&url, &mine);
    assert_eq!((&told["code"], &told["rule"]), (&"quota_exhausted".into(), &"key".into()), "{told}");
    assert!(told["retry_at"].as_str().is_some_and(|at| at.ends_with("T00:00:00Z")), "the next day: {told}");
    assert_eq!(get(&url, world.value()).0, 200, "another key of the account goes on");
}

/// Calls until the answer is this; the longest wait is the bound.
fn becomes(world: &World, status: u16, code: Option<&str>) {
    let began = Instant::now();
    loop {
        let (got, body) = call(world);
        if got == status && code.is_none_or(|code| body["code"] == code) {
            return;
        }
        assert!(began.elapsed() < BOUND, "still {got} {body} and not {status} {code:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn call(world: &World) -> (u16, Value) {
    get(&format!("{}/units", world.rest_url()), world.value())
}

fn get(url: &str, value: &str) -> (u16, Value) {
    let answer = http::get(url, &[("x-api-key", value)], ANSWER).expect("an answer");
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}
