//! A POST under an idempotency key is done once, whoever sends it again and when.

use axum::{body::Body, http::Request};
use domain::idempotency::{LIFETIME, LONGEST_RUN, MAX_KEY};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Someone, Team, World};

async fn post(world: &World, who: &Someone, path: &str, key: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/v1{path}"))
        .header("host", "keys.example.com")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", &who.cookie)
        .header("content-type", "application/json")
        .header("idempotency-key", key);
    world.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

fn keys(team: &Team) -> String {
    format!("/accounts/{}/keys", team.account)
}

fn a_key(name: &str) -> Value {
    json!({ "name": name, "environment": "Production", "sharing": "shared" })
}

async fn count(world: &World, team: &Team) -> u64 {
    store::key::count(&world.app.store, team.account).await.expect("an answer")
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_answered_the_same_without_its_secret() {
    let world = World::start().await;
    let team = world.team("north").await;
    let first = post(&world, &team.owner, &keys(&team), "k-1", &a_key("Backend")).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let value = first.body["value"]["value"].as_str().expect("it is shown once").to_owned();
    let again = post(&world, &team.owner, &keys(&team), "k-1", &a_key("Backend")).await;
    assert_eq!((again.status, &again.body["key"]["id"]), (201, &first.body["key"]["id"]));
    assert_eq!((&again.body["value"]["value"], &again.body["value"]["shown"]), (&Value::Null, &json!(true)));
    assert_eq!(again.headers.get("idempotency-replayed").expect("it says so"), "true");
    assert!(first.headers.get("idempotency-replayed").is_none());
    assert!(!again.body.to_string().contains(&value), "neither in a program that shows how to call");
    assert_eq!(count(&world, &team).await, 1);
    assert!(!world.stores(&value), "the value is nowhere");
}

#[tokio::test]
async fn another_body_route_or_caller_is_another_matter() {
    let world = World::start().await;
    let team = world.team("north").await;
    assert_eq!(post(&world, &team.owner, &keys(&team), "k", &a_key("One")).await.status, 201);
    let other = post(&world, &team.owner, &keys(&team), "k", &a_key("Two")).await;
    assert_eq!((other.status, other.code()), (422, "idempotency_key_used"), "{}", other.body);
    assert_eq!(post(&world, &team.admin, &keys(&team), "k", &a_key("Three")).await.status, 201, "another person");
    assert_eq!(post(&world, &team.owner, &keys(&team), "l", &a_key("Four")).await.status, 201, "another key");
    let invite = json!({ "name": "New", "email": "new@north.example", "role": "member" });
    let path = format!("/accounts/{}/invitations", team.account);
    assert_eq!(post(&world, &team.owner, &path, "k", &invite).await.status, 201, "another route");
    assert_eq!(count(&world, &team).await, 3);
}

#[tokio::test]
async fn what_was_refused_can_be_tried_again_under_the_same_key() {
    let world = World::start().await;
    let team = world.team("north").await;
    let refused = post(&world, &team.owner, &keys(&team), "k", &a_key("")).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(post(&world, &team.owner, &keys(&team), "k", &a_key("Right")).await.status, 201);
    assert_eq!(post(&world, &team.member, &keys(&team), "k", &a_key("Mine")).await.code(), "missing_permission");
    let sign_in = json!({ "email": team.owner.email, "password": PASSWORD });
    for _ in 0..2 {
        // Signing in ends the session before it.
        let owner = Someone { cookie: world.session(team.owner.person).await, ..team.owner.clone() };
        let session = post(&world, &owner, "/sessions", "k", &sign_in).await;
        assert!(session.cookie().is_some(), "a session is never kept: {} {}", session.status, session.body);
    }
}

#[tokio::test]
async fn of_requests_at_the_same_moment_one_is_done() {
    let world = World::start().await;
    let team = world.team("north").await;
    let (path, body) = (keys(&team), a_key("Once"));
    let send = || post(&world, &team.owner, &path, "k", &body);
    let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
    let mut made = 0;
    for answer in [a, b, c, d] {
        match (answer.status, answer.code()) {
            (201, _) => made += usize::from(answer.headers.get("idempotency-replayed").is_none()),
            (409, "in_progress") => assert!(answer.headers.contains_key("retry-after")),
            other => panic!("{other:?}: {}", answer.body),
        }
    }
    assert_eq!((made, count(&world, &team).await), (1, 1));
    assert_eq!(send().await.status, 201, "afterwards it is told");
}

#[tokio::test]
async fn a_request_that_was_cut_off_is_not_done_again_by_itself() {
    let world = World::start().await;
    let team = world.team("north").await;
    let (path, body) = (keys(&team), a_key("Cut"));
    // The outcome is taken away, as if the program had ended before it was written.
    assert_eq!(post(&world, &team.owner, &path, "k", &body).await.status, 201);
    let slot = domain::idempotency::Slot {
        caller: team.owner.person.as_u128(),
        route: format!("/api/v1{path}"),
        key: "k".parse().expect("a key"),
    };
    let tx = world.app.store.begin().await.expect("a transaction");
    let known = store::idempotency::find(&tx, &slot).await.expect("an answer").expect("it is kept");
    store::idempotency::release(&tx, &slot).await.expect("it is gone");
    let cut = domain::idempotency::Claim { outcome: None, ..known };
    store::idempotency::claim(&tx, &cut).await.expect("it is there without an outcome");
    tx.commit().await.expect("it is committed");
    assert_eq!(post(&world, &team.owner, &path, "k", &body).await.code(), "in_progress");
    world.pass(LONGEST_RUN);
    let lost = post(&world, &team.owner, &path, "k", &body).await;
    assert_eq!((lost.status, lost.code()), (409, "outcome_unknown"));
    world.pass(LIFETIME);
    let owner = Someone { cookie: world.session(team.owner.person).await, ..team.owner.clone() };
    assert_eq!(post(&world, &owner, &path, "k", &body).await.status, 201, "after a day the key is free");
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_gets_do_not_look_at_it() {
    let world = World::start().await;
    let team = world.team("north").await;
    for key in ["", "two words", &"x".repeat(MAX_KEY + 1)] {
        let answer = post(&world, &team.owner, &keys(&team), key, &a_key("Never")).await;
        assert_eq!((answer.status, &answer.body["field"]), (422, &json!("Idempotency-Key")), "{key:?}");
    }
    assert_eq!(count(&world, &team).await, 0);
    let nobody = Someone { cookie: "x=y".to_owned(), ..team.owner.clone() };
    assert_eq!(post(&world, &nobody, &keys(&team), "k", &a_key("Never")).await.code(), "sign_in");
}
