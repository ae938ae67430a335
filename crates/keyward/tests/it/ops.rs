//! The listener of figures and health: what a load balancer and a Prometheus get of the real binary.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use testbed::{counting::Counting, http};

use crate::world::{World, WorldOptions, wait};

const ANSWER: Duration = Duration::from_secs(10);

fn start(upstream: &Counting) -> World {
    let head = "[ops]\nlisten = \"127.0.0.1:0\"".to_owned();
    World::start(WorldOptions { rest: Some(upstream.url()), head, ..WorldOptions::default() })
}

/// Each sample with its labels, and its value.
fn samples(world: &World) -> BTreeMap<String, f64> {
    let answer = http::get(&format!("{}/metrics", world.ops_url()), &[], ANSWER).expect("an answer");
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let text = String::from_utf8(answer.body).expect("text");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let samples = lines.map(|line| {
        let (name, value) = line.rsplit_once(' ').expect("a value");
        (name.to_owned(), value.parse().expect("a number"))
    });
    let samples: BTreeMap<String, f64> = samples.collect();
    for name in samples.keys().map(|sample| sample.split('{').next().expect("a name")) {
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(text.contains(&format!("# TYPE {family} ")) && text.contains(&format!("# HELP {family} ")), "{name}");
    }
    samples
}

#[test]
fn figures_count_what_was_called_and_name_nobody() {
    let upstream = Counting::start(Duration::from_millis(3));
    let world = start(&upstream);
    let ask = |value: &str| {
        let url = format!("{}/leagues", world.rest_url());
        http::get(&url, &[("x-api-key", value)], ANSWER).expect("an answer").status
    };
    for _ in 0..3 {
        assert_eq!(ask(world.value()), 200);
    }
    assert_eq!(ask("nobody"), 401);
    let figure = |samples: &BTreeMap<String, f64>, name: &str| {
        *samples.get(&format!("keyward_{name}")).unwrap_or_else(|| panic!("no {name} in {samples:?}"))
    };
    let mut now = samples(&world);
    wait("all is shipped", || {
        now = samples(&world);
        figure(&now, "log_backlog_records") == 0.0 && figure(&now, "upstream_connections_total") > 0.0
    });
    let expected = [
        ("requests_total", 4.0),
        ("calls_total{api=\"rest\",outcome=\"answered\"}", 3.0),
        ("calls_total{api=\"node\",outcome=\"answered\"}", 0.0),
        ("denials_total{code=\"unknown_key\",rule=\"\"}", 1.0),
        ("call_seconds_count{api=\"rest\"}", 3.0),
        ("call_seconds_bucket{api=\"rest\",le=\"0.0025\"}", 0.0),
        ("call_seconds_bucket{api=\"rest\",le=\"+Inf\"}", 3.0),
        ("upstream_seconds_count{api=\"rest\"}", 3.0),
        ("upstream_in_flight{api=\"rest\",network=\"\",upstream=\"0\"}", 0.0),
        ("upstream_passed_over{api=\"rest\",network=\"\",upstream=\"0\"}", 0.0),
        ("ready{check=\"policies\"}", 1.0),
        ("values", 1.0),
        ("counters_with_units", 1.0),
    ];
    for (name, value) in expected {
        assert_eq!(figure(&now, name), value, "{name}");
    }
    assert!(figure(&now, "call_seconds_sum{api=\"rest\"}") >= 0.009);
    assert!(figure(&now, "connections_total") >= 4.0);
    let text = format!("{now:?}");
    for secret in ["Ada", "Acme", "Reports", "Olivia", world.value()] {
        assert!(!text.contains(secret), "{secret}");
    }
    world.stop();
}

#[test]
fn readiness_says_which_check_fails_and_health_that_it_lives() {
    let upstream = Counting::start(Duration::from_millis(2_000));
    let mut world = start(&upstream);
    let (ops, rest) = (world.ops_url().to_owned(), world.rest_url());
    let get = |path: &str| http::get(&format!("{ops}{path}"), &[], ANSWER);
    let health = get("/health").expect("an answer");
    assert_eq!((health.status, health.body.as_slice()), (200, &b"alive\n"[..]));
    let ready = get("/ready").expect("an answer");
    let told: Value = serde_json::from_slice(&ready.body).expect("JSON");
    assert_eq!((ready.status, told["ready"].as_bool()), (200, Some(true)));
    // It serves nothing else, and nobody else serves it.
    assert_eq!(get("/api/v1/session").expect("an answer").status, 404);
    for other in [world.control_url(), rest.trim_end_matches("/rest")] {
        for (path, told) in [("/ready", "\"checks\""), ("/metrics", "keyward_requests")] {
            let answer = http::get(&format!("{other}{path}"), &[], ANSWER).expect("an answer");
            assert!(!String::from_utf8_lossy(&answer.body).contains(told), "{other}{path}");
        }
    }
    // While it drains, a call in flight is waited for, and new callers belong elsewhere.
    let value = world.value().to_owned();
    let call =
        std::thread::spawn(move || http::get(&rest, &[("x-api-key", &value)], ANSWER).map(|answer| answer.status));
    wait("the call arrives", || upstream.seen().len() == 1);
    world.ask_to_end();
    wait("it drains", || get("/ready").is_ok_and(|answer| answer.status == 503));
    let told: Value = serde_json::from_slice(&get("/ready").expect("an answer").body).expect("JSON");
    let failed = |name: &str| {
        told["checks"].as_array().expect("checks").iter().any(|one| one["name"] == name && one["ok"] == false)
    };
    assert!(failed("serving") && !failed("journal"), "{told}");
    assert_eq!(get("/health").expect("it lives").status, 200);
    assert_eq!(call.join().expect("a caller").expect("an answer"), 200);
    world.ended();
}
