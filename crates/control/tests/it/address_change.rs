//! Changing the mail address that one signs in with: asked for with the password, confirmed at the new one, told to the old.

use domain::{link::LIFETIME, time::DAY};
use serde_json::{Value, json};
use store::audit::{Filter, Whose};

use crate::world::{Answer, PASSWORD, Someone, World};

const NEW: &str = "Mia.New@south.example";

async fn ask(world: &World, who: &Someone, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    world.call("POST", "/me/address", Some(&who.cookie), Some(body)).await
}

async fn link(world: &World, email: &str) -> Option<String> {
    world.token_to(email, "/address").await
}

async fn confirm(world: &World, token: &str, cookie: Option<&str>) -> Answer {
    world.call("POST", "/addresses/confirm", cookie, Some(json!({ "token": token }))).await
}

async fn sign_in(world: &World, email: &str) -> u16 {
    world.call("POST", "/sessions", None, Some(json!({ "email": email, "password": PASSWORD }))).await.status
}

#[tokio::test]
async fn an_address_changes_once_the_new_one_is_shown_to_be_theirs() {
    let world = World::start().await;
    let mia = world.team("north").await.member;
    let elsewhere = world.session(mia.person).await;
    world.call("POST", "/resets", None, Some(json!({ "email": mia.email }))).await;
    let reset = world.token_to(&mia.email, "/reset/confirm").await.expect("a link");
    assert_eq!(ask(&world, &mia, NEW, PASSWORD).await.status, 202);
    let token = link(&world, NEW).await.expect("a link");
    assert_eq!((sign_in(&world, NEW).await, sign_in(&world, &mia.email).await), (401, 200), "nothing has changed yet");

    let done = confirm(&world, &token, Some(&mia.cookie)).await;
    assert_eq!((done.status, &done.body), (200, &json!({ "email": NEW, "is_signed_in": true })));
    assert_eq!((sign_in(&world, NEW).await, sign_in(&world, &mia.email).await), (200, 401));
    let here = world.call("GET", "/me", Some(&mia.cookie), None).await;
    assert_eq!((here.status, &here.body["person"]["email"]), (200, &json!(NEW)), "this session goes on");
    assert_eq!(world.call("GET", "/me", Some(&elsewhere), None).await.status, 401, "all others end");
    assert_eq!(confirm(&world, &token, None).await.status, 410, "the link works once");
    let stolen = json!({ "token": reset, "password": "quite another password" });
    assert_eq!(world.call("POST", "/resets/confirm", None, Some(stolen)).await.status, 410, "links to the old one end");

    let told = world.mails_to(&mia.email).await;
    let (_, letter) = told.iter().find(|(subject, _)| subject == "Your mail address was changed").expect("a letter");
    assert!(letter.text.contains(NEW) && letter.text.contains("192.0.2.1"), "{}", letter.text);
    let of_mia = Filter::all(Whose::Person(mia.person, world.team("aside").await.account), 10);
    let trail = store::audit::list(&world.app.store, &of_mia).await.expect("the trail");
    let email = |facts: &Option<String>| {
        let facts: Value = serde_json::from_str(facts.as_deref().unwrap_or("null")).expect("JSON");
        facts["email"].clone()
    };
    let row = trail.iter().find(|row| row.action == domain::audit::Action::PersonAddress).expect("its row");
    assert_eq!((email(&row.before), email(&row.after)), (json!(mia.email), json!(NEW)));
}

#[tokio::test]
async fn without_the_session_all_sessions_end() {
    let world = World::start().await;
    let team = world.team("north").await;
    ask(&world, &team.member, NEW, PASSWORD).await;
    let token = link(&world, NEW).await.expect("a link");
    let done = confirm(&world, &token, Some(&team.owner.cookie)).await;
    assert_eq!((done.status, &done.body["is_signed_in"]), (200, &json!(false)), "another's session is not theirs");
    assert_eq!(world.call("GET", "/me", Some(&team.member.cookie), None).await.status, 401);
    assert_eq!(world.call("GET", "/me", Some(&team.owner.cookie), None).await.status, 200);
}

#[tokio::test]
async fn what_is_refused_changes_nothing_and_tells_nobody_who_is_known() {
    let world = World::start().await;
    let team = world.team("north").await;
    let mia = &team.member;
    for (email, password, status, field) in [
        (NEW, "wrong", 401, None),
        ("no address", PASSWORD, 422, Some("email")),
        ("MIA@north.example", PASSWORD, 422, Some("email")),
    ] {
        let answer = ask(&world, mia, email, password).await;
        assert_eq!((answer.status, answer.body["field"].as_str()), (status, field), "{email}");
    }
    assert_eq!(link(&world, NEW).await, None);
    let free = ask(&world, mia, NEW, PASSWORD).await;
    let taken = ask(&world, mia, &team.owner.email, PASSWORD).await;
    assert_eq!((free.status, &free.body), (taken.status, &taken.body), "both are answered the same");
    assert_eq!(link(&world, &team.owner.email).await, None, "and only one is written to");
    let first = link(&world, NEW).await.expect("a link");
    assert_eq!(confirm(&world, &first, None).await.status, 410, "the later request took its place");
    ask(&world, mia, NEW, PASSWORD).await;
    let second = link(&world, NEW).await.expect("a link");
    world.person("Eve", NEW).await;
    assert_eq!(confirm(&world, &second, None).await.code(), "refused", "somebody has it by now");
    assert_eq!((sign_in(&world, &mia.email).await, confirm(&world, "x", None).await.status), (200, 410));
    ask(&world, mia, "third@south.example", PASSWORD).await;
    let third = link(&world, "third@south.example").await.expect("a link");
    world.pass(LIFETIME.max(DAY));
    assert_eq!(confirm(&world, &third, None).await.status, 410, "a day is over");
}
