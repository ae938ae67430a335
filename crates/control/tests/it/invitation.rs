//! Invitations: from the offer to the seat, and every way in which somebody else could try to take it.

use domain::{
    invitation::{LIFETIME, MAX_AN_HOUR},
    permission::{Permission, Permissions},
    role::{Reach, Role},
};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Team, World};

const LEA: &str = "lea@new.example";

async fn invite(world: &World, team: &Team, email: &str) -> Answer {
    let path = format!("/accounts/{}/invitations", team.account);
    let asked = json!({ "name": "Léa Moreau", "email": email, "role": "member" });
    world.call("POST", &path, Some(&team.owner.cookie), Some(asked)).await
}

async fn token(world: &World, email: &str) -> String {
    world.token_to(email, "/activate").await.expect("an invitation by mail")
}

async fn accept(world: &World, token: &str, cookie: Option<&str>, password: Option<&str>) -> Answer {
    let asked = json!({ "token": token, "password": password });
    world.call("POST", "/invitations/accept", cookie, Some(asked)).await
}

async fn members(world: &World, team: &Team) -> Vec<Value> {
    let path = format!("/accounts/{}/members", team.account);
    let answer = world.call("GET", &path, Some(&team.owner.cookie), None).await;
    answer.body["members"].as_array().expect("members").clone()
}

async fn state(world: &World, team: &Team, email: &str) -> Value {
    members(world, team)
        .await
        .into_iter()
        .find(|one| one["email"] == email)
        .map_or(Value::Null, |one| one["state"].clone())
}

#[tokio::test]
async fn somebody_new_chooses_a_password_and_gets_a_key_of_their_own() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let invited = invite(&world, &team, LEA).await;
    assert_eq!((invited.status, &invited.body["state"]), (201, &json!("pending")), "{}", invited.body);
    let token = token(&world, LEA).await;
    let looked = world.call("POST", "/links/look-up", None, Some(json!({ "token": token }))).await;
    assert_eq!(looked.body["needs"], "password");
    assert_eq!(state(&world, &team, LEA).await, "pending", "looking changes nothing");
    assert_eq!(accept(&world, &token, None, None).await.status, 422, "no password");
    assert_eq!(accept(&world, &token, None, Some("short")).await.status, 422);
    let joined = accept(&world, &token, None, Some(PASSWORD)).await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    let value = joined.body["value"]["value"].as_str().expect("the value, this one time");
    assert!(value.starts_with("kw_"));
    assert_eq!(joined.body["key"]["holder"]["name"], "Léa Moreau");
    assert_eq!(state(&world, &team, LEA).await, "active");
    let cookie = joined.cookie().expect("signed in");
    let keys = world.call("GET", &format!("/accounts/{}/keys", team.account), Some(&cookie), None).await;
    assert_eq!(keys.body["keys"].as_array().map(Vec::len), Some(1));
    assert!(!keys.body.to_string().contains(value), "the value is told once");
    assert_eq!(accept(&world, &token, None, Some(PASSWORD)).await.status, 410, "the link works once");
    assert_eq!(accept(&world, &token, Some(&cookie), None).await.status, 410);
}

#[tokio::test]
async fn somebody_known_signs_in_first_and_only_as_the_invited_address() {
    let world = World::start().await;
    let (team, other) = (world.team("acme").await, world.team("other").await);
    assert_eq!(invite(&world, &team, &other.member.email).await.status, 201);
    let token = token(&world, &other.member.email).await;
    let refused = accept(&world, &token, None, Some("a new password of mine")).await;
    assert_eq!((refused.status, refused.code()), (401, "sign_in"), "a link is no password: {}", refused.body);
    let another = accept(&world, &token, Some(&other.owner.cookie), None).await;
    assert_eq!((another.status, another.code()), (403, "another_address"));
    let looked = world.call("POST", "/links/look-up", Some(&other.owner.cookie), Some(json!({ "token": token }))).await;
    assert_eq!(looked.body["signed_in_as"].as_str().map(str::to_lowercase), Some(other.owner.email.clone()));
    let joined = accept(&world, &token, Some(&other.member.cookie), None).await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    assert_eq!(joined.body["me"]["seats"].as_array().map(Vec::len), Some(2));
    let before = world.call("GET", "/me", Some(&other.member.cookie), None).await;
    assert_eq!(before.status, 401, "the session before the new rights is over");
    let signed_in = json!({ "email": other.member.email, "password": PASSWORD });
    assert_eq!(world.call("POST", "/sessions", None, Some(signed_in)).await.status, 200, "the password is what it was");
}

#[tokio::test]
async fn an_invitation_ends_by_time_by_hand_and_with_the_rights_of_who_sent_it() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let member = |invited: &Answer| invited.body["id"].as_str().expect("an id").to_owned();
    let at = |id: &str| format!("/accounts/{}/members/{id}", team.account);

    let first = member(&invite(&world, &team, "a@new.example").await);
    let old = token(&world, "a@new.example").await;
    let again = world.call("POST", &format!("{}/invitation", at(&first)), Some(&team.owner.cookie), None).await;
    assert_eq!(again.status, 200, "{}", again.body);
    assert_eq!(accept(&world, &old, None, Some(PASSWORD)).await.status, 410, "replaced");
    let newer = token(&world, "a@new.example").await;
    assert_ne!(old, newer);
    let withdrawn = world.call("DELETE", &format!("{}/invitation", at(&first)), Some(&team.owner.cookie), None).await;
    assert_eq!(withdrawn.status, 204, "{}", withdrawn.body);
    assert_eq!(accept(&world, &newer, None, Some(PASSWORD)).await.status, 410, "withdrawn");

    assert_eq!(invite(&world, &team, "a@new.example").await.status, 201, "invited again: a new seat");
    let late = token(&world, "a@new.example").await;
    world.pass(LIFETIME);
    assert_eq!(accept(&world, &late, None, Some(PASSWORD)).await.status, 410, "too old");

    let path = format!("/accounts/{}/invitations", team.account);
    let asked = json!({ "name": "Bo", "email": "b@new.example", "role": "admin" });
    let admin = world.seat(team.account, "Ann", "ann@acme.example", Role::Admin).await;
    assert_eq!(world.call("POST", &path, Some(&admin.cookie), Some(asked)).await.status, 201);
    let offered = token(&world, "b@new.example").await;
    let owner = world.session(team.owner.person).await;
    let demoted =
        world.call("PATCH", &at(&admin.member.to_string()), Some(&owner), Some(json!({ "role": "member" }))).await;
    assert_eq!(demoted.status, 200, "{}", demoted.body);
    let void = accept(&world, &offered, None, Some(PASSWORD)).await;
    assert_eq!((void.status, void.code()), (410, "link_over"), "who sent it may not give it any more");
}

#[tokio::test]
async fn who_changes_an_offer_stands_for_it_from_then_on() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let member = |id: &str| format!("/accounts/{}/members/{id}", team.account);
    let sent = invite(&world, &team, LEA).await;
    let path = member(sent.body["id"].as_str().expect("an id"));
    let steps = [(&team.admin, path, "admin"), (&team.owner, member(&team.admin.member.to_string()), "member")];
    for (by, path, role) in steps {
        let changed = world.call("PATCH", &path, Some(&by.cookie), Some(json!({ "role": role }))).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
    }
    let void = accept(&world, &token(&world, LEA).await, None, Some(PASSWORD)).await;
    assert_eq!((void.status, void.code()), (410, "link_over"), "the admin who offered this is none any more");
}

#[tokio::test]
async fn nobody_sends_again_or_takes_back_an_offer_of_more_than_they_hold() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let holds = [Permission::KeysView, Permission::KeysUse, Permission::TeamworkView, Permission::TeamworkInvite];
    let role = world.custom_role(team.account, "Invites", Reach::new([], Permissions::of(&holds))).await;
    let lead = world.seat(team.account, "Lea", "lea@acme.example", role).await;
    let account = format!("/accounts/{}", team.account);
    for (role, status) in [("admin", 409), ("member", 200)] {
        let asked = json!({ "name": "Kim", "email": format!("{role}@new.example"), "role": role });
        let sent = world.call("POST", &format!("{account}/invitations"), Some(&team.owner.cookie), Some(asked)).await;
        let path = format!("{account}/members/{}/invitation", sent.body["id"].as_str().expect("an id"));
        assert_eq!(world.call("POST", &path, Some(&lead.cookie), None).await.status, status, "{role}");
        let withdrawn = world.call("DELETE", &path, Some(&lead.cookie), None).await.status;
        assert_eq!(withdrawn == 409, status == 409, "{role}");
    }
}

/// The plan has 20 seats, of which the team takes 4.
#[tokio::test]
async fn a_plan_has_so_many_seats() {
    let world = World::start().await;
    let team = world.team("acme").await;
    for seat in 5..=20 {
        assert_eq!(invite(&world, &team, &format!("n{seat}@new.example")).await.status, 201, "{seat}");
    }
    let full = invite(&world, &team, "one-more@new.example").await;
    assert_eq!((full.status, full.code()), (409, "refused"), "{}", full.body);
}

#[tokio::test]
async fn seats_addresses_and_numbers_have_limits() {
    let world = World::start().await;
    let team = world.team("acme").await;
    assert_eq!(invite(&world, &team, "MIA@acme.example").await.status, 409, "who has a seat");
    for name in ["", " ", "see https://evil.example", "a\nb", "\u{202e}evil", &"x".repeat(81)] {
        let path = format!("/accounts/{}/invitations", team.account);
        let asked = json!({ "name": name, "email": "n@new.example", "role": "member" });
        let answer = world.call("POST", &path, Some(&team.owner.cookie), Some(asked)).await;
        assert_eq!((answer.status, &answer.body["field"]), (422, &json!("name")), "{name:?}");
    }
    for email in ["", "nobody", "a@b", "a b@new.example", "a@new.example\r\nBcc: x@new.example"] {
        let answer = invite(&world, &team, email).await;
        assert_eq!((answer.status, &answer.body["field"]), (422, &json!("email")), "{email:?}");
    }
    let owner = json!({ "name": "Two", "email": "two@new.example", "role": "owner" });
    let path = format!("/accounts/{}/invitations", team.account);
    assert_eq!(world.call("POST", &path, Some(&team.owner.cookie), Some(owner)).await.status, 422);
    let mut sent = 0;
    let last = loop {
        let answer = invite(&world, &team, &format!("n{sent}@new.example")).await;
        if answer.status != 201 {
            break answer;
        }
        sent += 1;
        assert!(sent <= MAX_AN_HOUR, "there is a limit");
        // Withdrawn, so that the plan has room for the next; it was sent all the same.
        let path =
            format!("/accounts/{}/members/{}/invitation", team.account, answer.body["id"].as_str().expect("an id"));
        assert_eq!(world.call("DELETE", &path, Some(&team.owner.cookie), None).await.status, 204);
    };
    assert_eq!((last.status, last.code()), (429, "too_many"), "{}", last.body);
}

#[tokio::test]
async fn a_person_who_was_never_confirmed_is_nobody_yet() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let registered = json!({ "name": "Not Léa", "email": LEA, "account_name": "Trap" });
    assert_eq!(world.call("POST", "/registrations", None, Some(registered)).await.status, 202);
    invite(&world, &team, LEA).await;
    let joined = accept(&world, &token(&world, LEA).await, None, Some(PASSWORD)).await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    assert_eq!(joined.body["me"]["person"]["name"], "Léa Moreau", "the registration reserved nothing");
    assert_eq!(joined.body["me"]["seats"].as_array().map(Vec::len), Some(1));
}
