//! Signing in and out.

use axum::http::header;
use domain::time::{DAY, SECOND};
use serde_json::json;

use crate::world::{Answer, PASSWORD, World, now};

async fn sign_in(world: &World, email: &str, password: &str) -> Answer {
    world.call("POST", "/sessions", None, Some(json!({ "email": email, "password": password }))).await
}

#[tokio::test]
async fn who_knows_the_password_gets_in() {
    let world = World::start().await;
    let team = world.team("north").await;
    let answer = sign_in(&world, "OLIVIA@North.example", PASSWORD).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.body["person"]["email"], "olivia@north.example");
    assert_eq!(answer.body["seats"][0]["account"]["id"], team.account.to_string());
    assert_eq!(answer.body["seats"][0]["role"], "owner");
    assert_eq!(answer.body["seats"][0]["permissions"].as_array().map(Vec::len), Some(24));
    let cookie = answer.cookie().expect("a session");
    let me = world.call("GET", "/me", Some(&cookie), None).await;
    assert_eq!(me.bytes, answer.bytes);
    assert_eq!(world.call("GET", "/me", None, None).await.code(), "sign_in");
}

#[tokio::test]
async fn a_suspended_member_gets_in_and_sees_whom_to_ask() {
    let world = World::start().await;
    world.team("north").await;
    let answer = sign_in(&world, "sam@north.example", PASSWORD).await;
    let seat = &answer.body["seats"][0];
    assert_eq!((&seat["state"], &seat["permissions"]), (&json!("suspended"), &json!([])));
    assert_eq!(seat["owner"], json!({ "name": "Olivia", "email": "olivia@north.example" }));
}

/// Nobody learns who is known: the same bytes, after as many hashings.
#[tokio::test]
async fn all_who_do_not_get_in_are_told_the_same() {
    let world = World::start().await;
    world.team("north").await;
    unconfirmed(&world, "unconfirmed@north.example").await;
    let mut told = Vec::new();
    for (email, password) in [
        ("olivia@north.example", "another password"),
        ("sam@north.example", "another password"),
        ("nobody@north.example", PASSWORD),
        ("unconfirmed@north.example", PASSWORD),
        ("not an address", PASSWORD),
        ("", ""),
    ] {
        let before = world.app.passwords.hashings();
        let answer = sign_in(&world, email, password).await;
        assert_eq!(world.app.passwords.hashings() - before, 1, "{email}");
        assert_eq!((answer.status, answer.code()), (401, "wrong_credentials"), "{email}");
        assert!(answer.cookie().is_none());
        told.push((answer.bytes, answer.headers));
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
}

async fn unconfirmed(world: &World, email: &str) {
    let person = world.person("Una", email).await;
    let tx = world.app.store.begin().await.expect("a transaction");
    let mut person = store::person::find(&tx, person).await.expect("an answer").expect("a person");
    person.confirmed_at = None;
    store::person::save(&tx, &person).await.expect("it is saved");
    tx.commit().await.expect("it is committed");
}

#[tokio::test]
async fn guessing_ends_soon_for_known_and_unknown_alike() {
    let world = World::start().await;
    world.team("north").await;
    let mut ends = Vec::new();
    for email in ["mia@north.example", "nobody@north.example"] {
        for guess in 0..control::limit::SIGN_IN_OF_PERSON.tries {
            world.move_to(&format!("198.51.100.{guess}"));
            assert_eq!(sign_in(&world, email, "a guess").await.status, 401);
        }
        let before = world.app.passwords.hashings();
        let right = sign_in(&world, email, PASSWORD).await;
        assert_eq!((right.status, right.code()), (429, "too_many"));
        assert!(right.headers.contains_key(header::RETRY_AFTER));
        assert_eq!(world.app.passwords.hashings(), before, "nothing is hashed for who is over the limit");
        ends.push(right.body["title"].clone());
    }
    assert_eq!(ends[0], ends[1]);
    world.pass(control::limit::SIGN_IN_OF_PERSON.within);
    assert_eq!(sign_in(&world, "mia@north.example", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_session_is_new_at_each_sign_in_and_ends_the_one_before() {
    let world = World::start().await;
    let team = world.team("north").await;
    // Somebody put a cookie of their own choice, or of their own session, into the browser.
    let body = json!({ "email": "mia@north.example", "password": PASSWORD });
    for planted in [team.admin.cookie.clone(), format!("__Host-keyward={}", "A".repeat(43))] {
        let answer = world.call("POST", "/sessions", Some(&planted), Some(body.clone())).await;
        let cookie = answer.cookie().expect("a session");
        assert_ne!(cookie, planted);
        assert_eq!(world.call("GET", "/me", Some(&planted), None).await.status, 401);
        assert_eq!(world.call("GET", "/me", Some(&cookie), None).await.body["person"]["name"], "Mia");
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_site_and_no_script() {
    let world = World::start().await;
    world.team("north").await;
    let answer = sign_in(&world, "mia@north.example", PASSWORD).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("ASCII").to_owned();
    assert!(cookie.starts_with("__Host-keyward="), "{cookie}");
    for flag in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
}

#[tokio::test]
async fn the_token_of_a_session_is_not_stored() {
    let world = World::start().await;
    world.team("north").await;
    let cookie = sign_in(&world, "mia@north.example", PASSWORD).await.cookie().expect("a session");
    let (_, token) = cookie.split_once('=').expect("a pair");
    assert!(!world.stores(token) && !world.stores(PASSWORD));
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let world = World::start().await;
    let team = world.team("north").await;
    let here = &team.member.cookie;
    let there = sign_in(&world, "mia@north.example", PASSWORD).await.cookie().expect("a session");
    let list = world.call("GET", "/sessions", Some(here), None).await;
    let sessions = list.body["sessions"].as_array().expect("a list").clone();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["is_current"] == false).expect("the other one");
    assert_eq!(other["address"], "192.0.2.1");
    let path = format!("/sessions/{}", other["id"].as_str().expect("an id"));
    assert_eq!(world.call("DELETE", &path, Some(&team.owner.cookie), None).await.status, 404, "it is not theirs");
    assert_eq!(world.call("DELETE", &path, Some(here), None).await.status, 204);
    assert_eq!(world.call("GET", "/me", Some(&there), None).await.status, 401);
    assert_eq!(world.call("DELETE", &path, Some(here), None).await.status, 404, "it is over");
    let out = world.call("DELETE", "/sessions/current", Some(here), None).await;
    assert_eq!(out.status, 204);
    assert!(out.headers[header::SET_COOKIE].to_str().expect("ASCII").contains("Max-Age=0"));
    assert_eq!(world.call("GET", "/me", Some(here), None).await.status, 401);
    assert_eq!(world.call("DELETE", "/sessions/current", Some(here), None).await.status, 204);
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let world = World::start().await;
    let team = world.team("north").await;
    for (wait, status) in [(6 * DAY, 200), (6 * DAY, 200), (7 * DAY + SECOND, 401)] {
        world.pass(wait);
        assert_eq!(world.call("GET", "/me", Some(&team.member.cookie), None).await.status, status, "{}", now());
    }
}

#[tokio::test]
async fn a_person_has_so_many_sessions_at_most() {
    let world = World::start().await;
    let team = world.team("north").await;
    for _ in 0..MAX_SESSIONS {
        world.session(team.member.person).await;
    }
    assert_eq!(sign_in(&world, "mia@north.example", PASSWORD).await.status, 200);
    let open = store::session::list_open(&world.app.store, team.member.person, now()).await.expect("an answer");
    assert_eq!(open.len(), MAX_SESSIONS);
    assert_eq!(world.call("GET", "/me", Some(&team.member.cookie), None).await.status, 401, "the oldest is over");
}

/// The most open sessions of a person, as docs/security.md says.
const MAX_SESSIONS: usize = 50;
