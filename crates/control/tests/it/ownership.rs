//! Ownership: offered by the owner with their password, and taken by the one other member to whom it is offered.

use domain::{id::MemberId, ownership::LIFETIME, role::Role};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Someone, Team, World};

fn at(team: &Team, step: &str) -> String {
    format!("/accounts/{}/ownership{step}", team.account)
}

async fn offer(world: &World, team: &Team, who: &Someone, to: MemberId, password: &str) -> Answer {
    let asked = json!({ "member": to.to_string(), "password": password });
    world.call("POST", &at(team, ""), Some(&who.cookie), Some(asked)).await
}

async fn ask(world: &World, team: &Team, who: &Someone, method: &str, step: &str) -> Answer {
    world.call(method, &at(team, step), Some(&who.cookie), None).await
}

#[tokio::test]
async fn an_account_changes_hands_once_both_have_said_so() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let cap = json!({
        "caps": [{ "metric": "requests", "period": "day", "limit": 5 }],
        "rates": [{ "metric": "requests", "per": "second", "limit": 5 }],
    });
    let path = format!("/accounts/{}/members/{}", team.account, team.member.member);
    assert_eq!(world.call("PATCH", &path, Some(&team.admin.cookie), Some(cap)).await.status, 200);
    let offered = offer(&world, &team, &team.owner, team.member.member, PASSWORD).await;
    assert_eq!((offered.status, &offered.body["offer"]["to"]["name"]), (201, &json!("Mia")), "{}", offered.body);
    assert_eq!(offered.body["owner"]["name"], "Olivia", "nothing has changed yet");
    let (subject, letter) = world.mails_to(&team.member.email).await.remove(0);
    assert_eq!(subject, "Olivia offers you acme team");
    assert!(letter.text.contains(&format!("/account/ownership?account={}", team.account)), "{}", letter.text);
    let hers = ask(&world, &team, &team.member, "GET", "").await;
    assert_eq!((&hers.body["offer"]["is_to_me"], &hers.body["can"]["answer"]["allowed"]), (&json!(true), &json!(true)));
    for other in [&team.admin, &team.owner] {
        assert_eq!(ask(&world, &team, other, "POST", "/accept").await.status, 404, "{}", other.email);
    }
    let accepted = ask(&world, &team, &team.member, "POST", "/accept").await;
    assert_eq!((accepted.status, &accepted.body["owner"]["name"]), (200, &json!("Mia")), "{}", accepted.body);
    assert_eq!((&accepted.body["offer"], &accepted.body["can"]["offer"]["allowed"]), (&Value::Null, &json!(true)));
    let old = world.call("GET", "/me", Some(&team.member.cookie), None).await;
    assert_eq!(old.status, 401, "the session is another one after a change of rights");
    let cookie = accepted.cookie().expect("a new session");
    let me = world.call("GET", "/me", Some(&cookie), None).await;
    assert_eq!(me.body["seats"][0]["role"], "owner");
    let seat = world.call("GET", &path, Some(&cookie), None).await;
    let limits = (&seat.body["caps"], &seat.body["rates"]);
    assert_eq!(limits, (&json!([]), &json!([])), "nobody could change the limits of an owner");
    let former = world.call("GET", "/me", Some(&team.owner.cookie), None).await;
    assert_eq!(former.body["seats"][0]["role"], "admin");
    assert_eq!(offer(&world, &team, &team.owner, team.admin.member, PASSWORD).await.code(), "owner_only");
    assert_eq!(world.mails_to(&team.owner.email).await[0].0, "Mia owns acme team now");
    assert_eq!(world.mails_to(&team.member.email).await[0].0, "You own acme team now");
    let trail = world.call("GET", &format!("/accounts/{}/audit", team.account), Some(&cookie), None).await;
    let actions: Vec<_> = (0..2).map(|place| trail.body["changes"][place]["action"].clone()).collect();
    assert_eq!(actions, ["ownership.accept", "ownership.offer"], "{}", trail.body);
}

#[tokio::test]
async fn only_the_owner_with_their_password_offers_and_only_to_who_can_act() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let stranger = world.team("other").await.owner;
    let admin = offer(&world, &team, &team.admin, team.member.member, PASSWORD).await;
    assert_eq!((admin.status, admin.code()), (403, "owner_only"));
    let wrong = offer(&world, &team, &team.owner, team.member.member, "a password of nobody").await;
    assert_eq!((wrong.status, &wrong.body["field"]), (422, &json!("password")), "{}", wrong.body);
    for whom in [team.owner.member, team.suspended.member, stranger.member] {
        let refused = offer(&world, &team, &team.owner, whom, PASSWORD).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!("member")), "{}", refused.body);
    }
    assert_eq!(offer(&world, &team, &team.owner, team.member.member, PASSWORD).await.status, 201);
    let second = offer(&world, &team, &team.owner, team.admin.member, PASSWORD).await;
    assert_eq!(second.status, 409, "one at a time: {}", second.body);
    let noor = world.seat(team.account, "Noor", "noor@acme.example", Role::Member).await;
    assert_eq!(ask(&world, &team, &noor, "GET", "").await.body["offer"], Value::Null, "it does not concern her");
}

#[tokio::test]
async fn an_offer_is_withdrawn_declined_or_too_old() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let made = async || offer(&world, &team, &team.owner, team.member.member, PASSWORD).await.status;
    assert_eq!(made().await, 201);
    assert_eq!(ask(&world, &team, &team.admin, "DELETE", "").await.code(), "owner_only");
    let withdrawn = ask(&world, &team, &team.owner, "DELETE", "").await;
    assert_eq!((withdrawn.status, &withdrawn.body["offer"]), (200, &Value::Null), "{}", withdrawn.body);
    assert_eq!(ask(&world, &team, &team.member, "POST", "/accept").await.status, 404);
    assert_eq!(world.mails_to(&team.member.email).await[0].0, "Olivia keeps acme team");
    assert_eq!(made().await, 201);
    assert_eq!(ask(&world, &team, &team.member, "POST", "/decline").await.status, 200);
    assert_eq!(world.mails_to(&team.owner.email).await[0].0, "Mia declined to own acme team");
    assert_eq!(ask(&world, &team, &team.member, "POST", "/accept").await.status, 404);
    assert_eq!(made().await, 201);
    world.pass(LIFETIME);
    let mia = Someone { cookie: world.session(team.member.person).await, ..team.member.clone() };
    let late = ask(&world, &team, &mia, "POST", "/accept").await;
    assert_eq!(late.status, 409, "{}", late.body);
    let olivia = Someone { cookie: world.session(team.owner.person).await, ..team.owner.clone() };
    assert_eq!(ask(&world, &team, &olivia, "GET", "").await.body["offer"], Value::Null);
    assert_eq!(offer(&world, &team, &olivia, team.admin.member, PASSWORD).await.status, 201, "an old one is replaced");
}

#[tokio::test]
async fn who_was_suspended_meanwhile_does_not_become_the_owner() {
    let world = World::start().await;
    let team = world.team("acme").await;
    assert_eq!(offer(&world, &team, &team.owner, team.member.member, PASSWORD).await.status, 201);
    let path = format!("/accounts/{}/members/{}/suspend", team.account, team.member.member);
    assert_eq!(world.call("POST", &path, Some(&team.admin.cookie), None).await.status, 200);
    assert_eq!(ask(&world, &team, &team.member, "POST", "/accept").await.code(), "member_suspended");
    assert_eq!(ask(&world, &team, &team.owner, "GET", "").await.body["owner"]["name"], "Olivia");
}
