//! Who is refused again and again: told so at once, and nobody else with them.

use std::{sync::Arc, time::Duration};

use domain::{
    decision::Denial,
    key::secret::{ENTROPY, SecretText},
    policy::{KeyPolicy, SecretPolicy},
};
use gateway::settings::DenialLimits;

use crate::{
    upstream::Upstream,
    world::{Plan, World},
};

const LIMITS: DenialLimits = DenialLimits { per_value: 3, per_address: 3, window: Duration::from_secs(60) };

fn secret() -> SecretText {
    SecretText::draw([5; ENTROPY])
}

fn world(upstream: &Upstream) -> World {
    let change_key: fn(&mut KeyPolicy) =
        |key| key.secret = Some(Arc::new(SecretPolicy { hash: secret().hash(), former: None }));
    Plan { change_key, denials: LIMITS, ..Plan::open(upstream.url()) }.start()
}

#[test]
fn an_address_without_known_values_is_told_and_known_ones_are_served_from_there() {
    let upstream = Upstream::saying("x");
    let world = world(&upstream);
    let mut caller = world.caller();
    let ask = |caller: &mut crate::caller::Caller, header: &str| {
        caller.ask(format!("GET /football/a HTTP/1.1\r\nhost: gate\r\n{header}\r\n"))
    };
    for header in ["", "x-api-key: junk\r\n", "x-api-key: kw_junk\r\n"] {
        assert_eq!(ask(&mut caller, header).status, 401);
    }
    let answer = ask(&mut caller, "");
    assert_eq!((answer.status, &answer.json()["code"]), (429, &"too_many_denials".into()));
    assert!(answer.json()["retry_at"].is_string() && answer.header("retry-after").is_some());
    let right = format!("x-api-secret: {}\r\n", secret().reveal());
    assert_eq!(caller.ask(world.request("GET /football/a", &right, "")).status, 200, "a known value");
    assert_eq!(world.rows().len(), 1, "requests of nobody have no rows");
}

#[test]
fn a_value_that_is_refused_too_often_is_not_looked_at_and_every_denial_is_in_the_rows() {
    let upstream = Upstream::saying("x");
    let world = world(&upstream);
    let mut caller = world.caller();
    let wrong = "x-api-secret: ks_wrong\r\n";
    let right = format!("x-api-secret: {}\r\n", secret().reveal());
    for _ in 0..3 {
        assert_eq!(caller.ask(world.request("GET /football/a", wrong, "")).json()["code"], "secret_wrong");
    }
    for _ in 0..100 {
        let answer = caller.ask(world.request("GET /football/a", &right, ""));
        assert_eq!((answer.status, &answer.json()["seen"]), (429, &"127.0.0.1".into()));
    }
    assert!(upstream.seen().is_empty());
    let rows = world.rows();
    let calls = |denial| rows.iter().filter(|row| row.denial == Some(denial)).map(|row| row.count).sum::<u64>();
    assert_eq!((calls(Denial::SecretWrong), calls(Denial::TooManyDenials)), (3, 100));
}
