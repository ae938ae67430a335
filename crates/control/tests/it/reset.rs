//! Choosing a new password by mail.

use serde_json::json;

use crate::world::{Answer, PASSWORD, World, now};

async fn ask(world: &World, email: &str) -> Answer {
    world.call("POST", "/resets", None, Some(json!({ "email": email }))).await
}

async fn confirm(world: &World, token: &str, password: &str) -> Answer {
    world.call("POST", "/resets/confirm", None, Some(json!({ "token": token, "password": password }))).await
}

async fn token(world: &World, email: &str) -> String {
    world.token_to(email, "/reset/confirm").await.expect("a link")
}

#[tokio::test]
async fn a_reset_ends_all_sessions_and_tells_the_address() {
    let world = World::start().await;
    let team = world.team("north").await;
    ask(&world, "mia@north.example").await;
    let token = token(&world, "mia@north.example").await;
    let answer = confirm(&world, &token, "quite another password").await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(world.call("GET", "/me", Some(&team.member.cookie), None).await.status, 401);
    let cookie = answer.cookie().expect("a session");
    assert_eq!(world.call("GET", "/me", Some(&cookie), None).await.status, 200);
    let (subject, _) = world.mails_to("mia@north.example").await.swap_remove(0);
    assert_eq!(subject, "Your password was changed");
    for (password, status) in [(PASSWORD, 401), ("quite another password", 200)] {
        let body = json!({ "email": "mia@north.example", "password": password });
        assert_eq!(world.call("POST", "/sessions", None, Some(body)).await.status, status, "{password}");
    }
}

#[tokio::test]
async fn known_and_unknown_are_told_the_same() {
    let world = World::start().await;
    world.team("north").await;
    let known = ask(&world, "mia@north.example").await;
    let unknown = ask(&world, "nobody@north.example").await;
    assert_eq!((known.status, &known.bytes, &known.headers), (unknown.status, &unknown.bytes, &unknown.headers));
    assert_eq!(world.mails_to("mia@north.example").await.len(), 1);
    assert!(world.mails_to("nobody@north.example").await.is_empty());
}

#[tokio::test]
async fn a_link_that_was_used_or_replaced_does_nothing() {
    let world = World::start().await;
    world.team("north").await;
    ask(&world, "mia@north.example").await;
    let first = token(&world, "mia@north.example").await;
    world.pass(1_000_000);
    ask(&world, "mia@north.example").await;
    let second = token(&world, "mia@north.example").await;
    assert_eq!(confirm(&world, &first, "quite another password").await.code(), "link_over", "replaced");
    let as_other = json!({ "token": second, "password": "a third password" });
    let elsewhere = world.call("POST", "/registrations/confirm", None, Some(as_other)).await;
    assert_eq!((elsewhere.status, elsewhere.code()), (410, "link_over"), "it is for something else");
    assert_eq!(confirm(&world, &second, "quite another password").await.status, 200);
    assert_eq!(confirm(&world, &second, "a third password").await.code(), "link_over", "used");
}

/// A person whom the operator wrote down, without a password: the link proves the address.
#[tokio::test]
async fn a_reset_confirms_the_address() {
    let world = World::start().await;
    let person = world.person("Una", "una@example.com").await;
    let tx = world.app.store.begin().await.expect("a transaction");
    let mut una = store::person::find(&tx, person).await.expect("an answer").expect("a person");
    (una.confirmed_at, una.password_hash) = (None, None);
    store::person::save(&tx, &una).await.expect("it is saved");
    tx.commit().await.expect("it is committed");
    ask(&world, "una@example.com").await;
    let token = token(&world, "una@example.com").await;
    assert_eq!(confirm(&world, &token, PASSWORD).await.status, 200);
    let una = store::person::find(&world.app.store, person).await.expect("an answer").expect("a person");
    assert!(una.confirmed_at.is_some_and(|at| at <= now()) && una.is_known());
}

#[tokio::test]
async fn links_are_not_stored_in_clear() {
    let world = World::start().await;
    world.team("north").await;
    ask(&world, "mia@north.example").await;
    let token = token(&world, "mia@north.example").await;
    assert!(!world.stores(&token), "a mail's body is sealed");
}
