//! Roles on one key: whom they let act on whom, what they leave behind, and what a program does with them.

use domain::{
    permission::{Permission, Permissions},
    role::{Reach, Role},
};
use serde_json::{Value, json};

use crate::world::{Answer, Someone, Team, World};

/// A request of somebody below the account.
async fn ask(world: &World, team: &Team, who: &Someone, method: &str, path: &str, body: Value) -> Answer {
    let path = format!("/accounts/{}{path}", team.account);
    world.call(method, &path, Some(&who.cookie), (!body.is_null()).then_some(body)).await
}

fn id(made: Answer, noun: &str) -> String {
    assert_eq!(made.status, 201, "{}", made.body);
    made.body[noun]["id"].as_str().expect("an id").to_owned()
}

/// A shared key of the owner's with a role `Desk` on it that looks after who works there: their paths' last parts.
async fn desk(world: &World, team: &Team) -> (String, String) {
    let shared = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let key = id(ask(world, team, &team.owner, "POST", "/keys", shared).await, "key");
    let holds = ["keys.view", "keys.use", "teamwork.view", "teamwork.assign", "teamwork.remove"];
    let asked = json!({ "name": "Desk", "permissions": holds });
    let role = id(ask(world, team, &team.owner, "POST", &format!("/keys/{key}/roles"), asked).await, "role");
    (key, role)
}

async fn give(world: &World, team: &Team, key: &str, to: &Someone, role: &str) {
    let path = format!("/keys/{key}/teamwork/{}", to.member);
    let given = ask(world, team, &team.owner, "PUT", &path, json!({ "role": role })).await;
    assert_eq!(given.status, 200, "{}", given.body);
}

#[tokio::test]
async fn on_a_key_nobody_acts_on_who_may_do_more_there_nor_on_themselves_or_the_owner() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let lea = world.seat(team.account, "Lea", "lea@acme.example", Role::Member).await;
    let noor = world.seat(team.account, "Noor", "noor@acme.example", Role::Member).await;
    let (key, role) = desk(&world, &team).await;
    for (who, role) in [(&lea, role.as_str()), (&noor, "admin"), (&team.member, "member")] {
        give(&world, &team, &key, who, role).await;
    }
    let member = json!({ "role": "member" });
    for (method, whom, body, status, code) in [
        ("PUT", &noor, member.clone(), 409, "refused"),
        ("DELETE", &noor, Value::Null, 409, "refused"),
        ("PUT", &lea, member.clone(), 409, "refused"),
        ("PUT", &team.member, json!({ "role": "admin" }), 403, "beyond_you"),
        ("PUT", &team.member, json!({ "role": role }), 200, ""),
        ("PUT", &team.member, member, 200, ""),
        ("DELETE", &team.member, Value::Null, 200, ""),
        ("DELETE", &lea, Value::Null, 200, ""),
    ] {
        let path = format!("/keys/{key}/teamwork/{}", whom.member);
        let answer = ask(&world, &team, &lea, method, &path, body.clone()).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{method} {} {body}: {}", whom.email, answer.body);
    }
}

#[tokio::test]
async fn who_changes_an_offer_on_a_key_holds_all_of_it() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let lea = world.seat(team.account, "Lea", "lea@acme.example", Role::Member).await;
    let (key, role) = desk(&world, &team).await;
    give(&world, &team, &key, &lea, &role).await;
    let reach = Reach::new([], Permissions::of(&[Permission::KeysUse, Permission::AccountView]));
    let books = world.custom_role(team.account, "Books", reach).await.to_string();
    for (role, status) in [(books.as_str(), 409), ("member", 200)] {
        let invited = json!({ "name": "Kim", "email": format!("{status}@new.example"), "role": role });
        let pending = ask(&world, &team, &team.owner, "POST", "/invitations", invited).await;
        let kim = pending.body["id"].as_str().expect("an id").to_owned();
        // She works on the key, so that Lea may know of her.
        let path = format!("/keys/{key}/teamwork/{kim}");
        assert_eq!(ask(&world, &team, &team.owner, "PUT", &path, json!({ "role": "member" })).await.status, 200);
        let changed = ask(&world, &team, &lea, "PUT", &path, json!({ "role": "member" })).await;
        assert_eq!(changed.status, status, "offered {role} in the account: {}", changed.body);
    }
}

#[tokio::test]
async fn to_invite_who_has_a_seat_takes_what_giving_a_role_takes() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let lea = world.seat(team.account, "Lea", "lea@acme.example", Role::Member).await;
    let (key, _) = desk(&world, &team).await;
    let roles = format!("/keys/{key}/roles");
    for (more, status, missing) in [("keys.edit", 403, Some("teamwork.assign")), ("teamwork.assign", 201, None)] {
        let asked = json!({ "name": more, "permissions": ["keys.view", "keys.use", "teamwork.invite", more] });
        let role = id(ask(&world, &team, &team.owner, "POST", &roles, asked).await, "role");
        give(&world, &team, &key, &lea, &role).await;
        let invited = json!({ "name": "Mia", "email": team.member.email, "role": "member" });
        let answer = ask(&world, &team, &lea, "POST", &format!("/keys/{key}/invitations"), invited).await;
        assert_eq!((answer.status, answer.body["permission"].as_str()), (status, missing), "{}", answer.body);
    }
}

#[tokio::test]
async fn roles_on_keys_go_with_the_seat() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, role) = desk(&world, &team).await;
    give(&world, &team, &key, &team.member, &role).await;
    let path = format!("/keys/{key}/roles/{role}");
    assert_eq!(ask(&world, &team, &team.owner, "DELETE", &path, Value::Null).await.code(), "role_in_use");
    let seat = format!("/members/{}", team.member.member);
    assert_eq!(ask(&world, &team, &team.owner, "DELETE", &seat, Value::Null).await.status, 200);
    let gone = ask(&world, &team, &team.owner, "DELETE", &path, Value::Null).await;
    assert_eq!(gone.status, 200, "nobody holds it any more: {}", gone.body);
}

#[tokio::test]
async fn a_program_gives_a_role_up_only_if_it_is_for_that() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, role) = desk(&world, &team).await;
    give(&world, &team, &key, &team.member, &role).await;
    let path = format!("/accounts/{}/keys/{key}/teamwork/{}", team.account, team.member.member);
    for (permissions, status) in [(["keys.view", "keys.use"], 403), (["keys.view", "teamwork.remove"], 200)] {
        let asked = json!({ "name": "ci", "account_id": team.account.to_string(), "permissions": permissions });
        let made = world.call("POST", "/access-tokens", Some(&team.member.cookie), Some(asked)).await;
        let text = made.body["text"].as_str().expect("a text");
        let answer = world.call_with_token("DELETE", &path, text, None).await;
        assert_eq!(answer.status, status, "{permissions:?}: {}", answer.body);
    }
}
