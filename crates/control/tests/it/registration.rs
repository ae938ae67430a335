//! Registering: nothing is reserved, nobody learns who is known, and who confirms first has the address.

use control::Registration;
use domain::time::DAY;
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, World};

async fn register(world: &World, name: &str, email: &str) -> Answer {
    let body = json!({ "name": name, "email": email, "account_name": format!("{name}'s team") });
    world.call("POST", "/registrations", None, Some(body)).await
}

async fn confirm(world: &World, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    world.call("POST", "/registrations/confirm", None, Some(body)).await
}

async fn token(world: &World, email: &str) -> String {
    world.token_to(email, "/register/confirm").await.expect("a link")
}

#[tokio::test]
async fn who_confirms_owns_an_account_on_the_default_plans() {
    let world = World::start().await;
    assert_eq!(register(&world, "Ada", "ada@example.com").await.status, 202);
    let token = token(&world, "ada@example.com").await;
    let looked = world.call("POST", "/links/look-up", None, Some(json!({ "token": token }))).await;
    assert_eq!(looked.body["account_name"], "Ada's team");
    assert_eq!((&looked.body["purpose"], &looked.body["needs"]), (&json!("register"), &json!("password")));
    assert_eq!(confirm(&world, &token, "short").await.status, 422, "the link is still good");
    let answer = confirm(&world, &token, PASSWORD).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let cookie = answer.cookie().expect("a session");
    let account = answer.body["seats"][0]["account"]["id"].as_str().expect("an account").to_owned();
    assert_eq!(answer.body["seats"][0]["role"], "owner");
    let shown = world.call("GET", &format!("/accounts/{account}"), Some(&cookie), None).await;
    assert_eq!(shown.body["subscriptions"][0]["api"], "football", "{:?}", shown.body);
    assert_eq!(confirm(&world, &token, PASSWORD).await.code(), "link_over");
}

#[tokio::test]
async fn known_and_unknown_are_told_the_same() {
    let world = World::start().await;
    world.team("north").await;
    let unknown = register(&world, "Ada", "ada@example.com").await;
    let known = register(&world, "Ada", "MIA@north.example").await;
    assert_eq!((unknown.status, &unknown.bytes, &unknown.headers), (known.status, &known.bytes, &known.headers));
    let (subject, body) = world.mails_to("mia@north.example").await.pop().expect("a mail");
    assert_eq!(subject, "You are registered already");
    assert!(body.text.contains("Hello Mia") && !body.text.contains("Ada") && !body.text.contains("/confirm#"));
}

#[tokio::test]
async fn an_unconfirmed_registration_reserves_nothing() {
    let world = World::start().await;
    register(&world, "Mallory", "ada@example.com").await;
    let first = token(&world, "ada@example.com").await;
    world.pass(1_000_000);
    register(&world, "Ada", "ADA@example.com").await;
    let second = token(&world, "ada@example.com").await;
    assert_ne!(first, second);
    let sign_in = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(world.call("POST", "/sessions", None, Some(sign_in)).await.status, 401);
    let answer = confirm(&world, &second, PASSWORD).await;
    assert_eq!((answer.status, &answer.body["person"]["name"]), (200, &json!("Ada")));
    assert_eq!(confirm(&world, &first, "another password").await.code(), "link_over");
}

/// An invitation to an address that somebody registered and never confirmed is taken with a new password.
#[tokio::test]
async fn an_invitation_wins_over_an_unconfirmed_registration() {
    let world = World::start().await;
    let team = world.team("north").await;
    register(&world, "Mallory", "ada@example.com").await;
    let registered = token(&world, "ada@example.com").await;
    let invited = json!({ "name": "Ada", "email": "ada@example.com", "role": "member" });
    let path = format!("/accounts/{}/invitations", team.account);
    let answer = world.call("POST", &path, Some(&team.owner.cookie), Some(invited)).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    let activation = world.token_to("ada@example.com", "/activate").await.expect("a link");
    let looked = world.call("POST", "/links/look-up", None, Some(json!({ "token": activation }))).await;
    assert_eq!((&looked.body["purpose"], &looked.body["needs"]), (&json!("activate"), &json!("password")));
    assert_eq!(looked.body["invited_by"], "Olivia");
    let body = json!({ "token": activation, "password": PASSWORD });
    let joined = world.call("POST", "/invitations/accept", None, Some(body)).await;
    assert_eq!(joined.status, 200, "{:?}", joined.body);
    assert_eq!(joined.body["me"]["person"]["name"], "Ada");
    assert_eq!(confirm(&world, &registered, "another password").await.code(), "link_over");
    assert_eq!(world.call("POST", "/links/look-up", None, Some(json!({ "token": activation }))).await.status, 410);
}

#[tokio::test]
async fn a_link_is_good_for_a_day() {
    let world = World::start().await;
    register(&world, "Ada", "ada@example.com").await;
    let token = token(&world, "ada@example.com").await;
    world.pass(DAY);
    assert_eq!(confirm(&world, &token, PASSWORD).await.status, 410);
    assert_eq!(world.call("POST", "/links/look-up", None, Some(json!({ "token": token }))).await.status, 410);
    assert_eq!(confirm(&world, "no token", PASSWORD).await.status, 410);
}

#[tokio::test]
async fn nobody_registers_where_it_is_not_open() {
    for registration in [Registration::Invitation, Registration::Closed] {
        let world = World::with(|settings| settings.registration = registration).await;
        assert_eq!(register(&world, "Ada", "ada@example.com").await.code(), "refused");
        assert!(world.mails_to("ada@example.com").await.is_empty());
    }
}

#[tokio::test]
async fn one_address_gets_only_so_many_mails() {
    let world = World::start().await;
    for number in 0..control::limit::ASK_OF_EMAIL.tries {
        world.move_to(&format!("198.51.100.{number}"));
        assert_eq!(register(&world, "Ada", "ada@example.com").await.status, 202);
    }
    assert_eq!(register(&world, "Ada", "Ada@Example.com").await.code(), "too_many");
    assert_eq!(world.mails_to("ada@example.com").await.len(), control::limit::ASK_OF_EMAIL.tries as usize);
}

/// Names that would be tags, headers or templates elsewhere are text here, or refused.
#[tokio::test]
async fn hostile_names_are_text() {
    let world = World::start().await;
    for name in ["a\nBcc: x@example.com", "a\u{202e}b", "https://evil.example", "", " ", &"x".repeat(81)] {
        let answer = register(&world, name, "ada@example.com").await;
        assert_eq!((answer.status, &answer.body["field"]), (422, &json!("name")), "{name:?}");
    }
    register(&world, "<script>alert(1)</script> {{ 7 * 7 }}", "ada@example.com").await;
    let (_, body) = world.mails_to("ada@example.com").await.pop().expect("a mail");
    assert!(!body.html.contains("<script") && body.html.contains("&lt;script&gt;alert(1)"), "{}", body.html);
    assert!(body.html.contains("{{ 7 * 7 }}") && !body.html.contains("&gt; 49"));
    assert!(body.text.contains("<script>alert(1)</script> {{ 7 * 7 }}"));
    let token = token(&world, "ada@example.com").await;
    let me: Value = confirm(&world, &token, PASSWORD).await.body;
    assert_eq!(me["person"]["name"], "<script>alert(1)</script> {{ 7 * 7 }}");
}
