//! What is said of a member through the REST API, as callers of the real binary meet it: caps over all their values, the end of a
//! seat, and keys that are handed over.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use domain::time::{SECOND, Timestamp};
use serde_json::{Value, json};

use crate::{
    scene::{ANSWER, Scene, denied},
    world::wait,
};

fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Timestamp::from_micros(since_1970.as_micros() as i64)
}

#[test]
fn another_key_is_no_way_around_a_cap() {
    let mut second = String::new();
    let scene = Scene::start(|world| second = world.new_key("Second", &["--holder", "Ada"]));
    let (ada, first) = (scene.member("Ada"), scene.world.value());
    let served = (200, None, None);
    let capped = denied(429, "quota_exhausted", Some("member"));
    let cap = |metric: &str, period: &str, limit: u64| json!({ "metric": metric, "period": period, "limit": limit });
    let set = |limit: u64| {
        let caps = json!([cap("requests", "day", limit), cap("credits", "month", 1_000)]);
        scene.ask("PATCH", &ada, json!({ "caps": caps }))
    };
    set(5);
    for value in [first, &second, first, &second, first] {
        assert_eq!(scene.call(value), served);
    }
    for value in [first, &second] {
        assert_eq!(scene.call(value), capped, "the cap is over all values");
    }
    let third = scene.world.new_key("Third", &["--holder", "Ada"]);
    wait("a new key is known", || scene.call(&third).0 != 401);
    assert_eq!(scene.call(&third), capped, "a new key begins where the others are");
    set(7);
    assert_eq!([scene.call(&third), scene.call(first), scene.call(&second)], [served.clone(), served, capped.clone()]);
    let lower = set(1);
    let caps = lower["member"]["caps"].as_array().expect("caps");
    let requests = caps.iter().find(|cap| cap["metric"] == "requests").expect("the cap on requests");
    assert_eq!((&requests["limit"], &requests["usage"]["limit"]), (&json!(1), &json!(7)), "the running window stays");
    let other = scene.world.new_key("Theirs", &["--shared"]);
    wait("another's key is known", || scene.call(&other).0 == 200);
    assert_eq!(scene.upstream.seen().len(), 8, "a refused call does not arrive");
}

#[test]
fn a_seat_ends_at_its_moment_without_a_message() {
    let scene = Scene::start(|_| ());
    let (ada, value) = (scene.member("Ada"), scene.world.value());
    let end = now().plus(3 * SECOND);
    scene.ask("PATCH", &ada, json!({ "ends_at": end }));
    let ended = denied(403, "member_ended", None);
    let mut last_served = now();
    let began = Instant::now();
    loop {
        let asked = now();
        match scene.call(value) {
            told if told == ended => break,
            told => assert_eq!(told, (200, None, None)),
        }
        last_served = asked;
        assert!(began.elapsed() < ANSWER, "the seat has not ended");
    }
    assert!(now() >= end, "not before the moment");
    assert!(last_served < end, "nothing that was asked after the moment was served");
    assert_eq!(scene.ask("GET", &ada, Value::Null)["state"], "ended");
    scene.ask("PATCH", &ada, json!({ "ends_at": now().plus(3_600 * SECOND) }));
    assert_eq!(scene.call(value).0, 200, "a later end brings it back, with the same value");
    scene.ask("PATCH", &ada, json!({ "ends_at": null }));
    assert_eq!(scene.call(value).0, 200);
}

#[test]
fn a_key_that_is_handed_over_keeps_its_counters_and_the_log_its_names() {
    let scene = Scene::start(|world| {
        let bob = ["--name", "Bob", "--email", "bob@example.com", "--active"];
        world.terminal.done(&[&["member", "create", "Acme"][..], &bob].concat());
        world.terminal.done(&["key", "limit", "Reports", "--requests", "5", "--per", "day"]);
    });
    let (ada, bob) = (scene.member("Ada"), scene.member("Bob"));
    scene.ask("PATCH", &bob, json!({ "caps": [{ "metric": "requests", "period": "day", "limit": 100 }] }));
    for _ in 0..2 {
        assert_eq!(scene.call(scene.world.value()).0, 200);
    }
    let to = bob.trim_start_matches("/members/");
    scene.ask("DELETE", &format!("{ada}?hand_over_to={to}"), Value::Null);
    assert_eq!(scene.call(scene.world.value()), denied(401, "unknown_key", None), "the former holder's value is over");
    let drawn = scene.world.terminal.done(&["key", "value", "draw", "Reports", "--quiet"]);
    let value = drawn.trim();
    wait("the new value is known", || scene.call(value).0 != 401);
    let served = 1 + (0..4).filter(|_| scene.call(value).0 == 200).count();
    assert_eq!(served, 3, "2 of the key's 5 were used before");
    assert_eq!(scene.call(value), denied(429, "quota_exhausted", Some("key")));
    wait("the calls are on the new holder's cap", || {
        scene.ask("GET", &bob, Value::Null)["caps"][0]["usage"]["used"] == 3
    });
    let rows = scene.ask("GET", &format!("/requests?member={}", ada.trim_start_matches("/members/")), Value::Null);
    let rows = rows["requests"].as_array().expect("rows").clone();
    assert!(rows.len() >= 2 && rows.iter().all(|row| row["member"]["name"] == "Ada"), "{rows:?}");
}
