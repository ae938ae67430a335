//! Members: suspending, activating, removing and leaving, and what becomes of their keys.

use domain::role::Role;
use serde_json::{Value, json};

use crate::world::{Team, World};

mod hand_over;
mod rate;

fn at(team: &Team, member: impl ToString, step: &str) -> String {
    format!("/accounts/{}/members/{}{step}", team.account, member.to_string())
}

async fn own_key(world: &World, team: &Team, holder: &crate::world::Someone) -> (String, Value) {
    let asked =
        json!({ "name": "Own", "environment": "Production", "sharing": "own", "holder": holder.member.to_string() });
    let made =
        world.call("POST", &format!("/accounts/{}/keys", team.account), Some(&team.owner.cookie), Some(asked)).await;
    assert_eq!((made.status, &made.body["value"]), (201, &Value::Null), "no one but the holder draws: {}", made.body);
    let key = made.body["key"]["id"].as_str().expect("an id").to_owned();
    let path = format!("/accounts/{}/keys/{key}/values", team.account);
    let drawn = world.call("POST", &path, Some(&holder.cookie), Some(json!({}))).await;
    assert_eq!(drawn.status, 201, "{}", drawn.body);
    (key, drawn.body)
}

#[tokio::test]
async fn a_suspension_says_from_when_it_holds_and_loses_nothing() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, _) = own_key(&world, &team, &team.member).await;
    let answer = world.call("POST", &at(&team, team.member.member, "/suspend"), Some(&team.admin.cookie), None).await;
    assert_eq!((answer.status, &answer.body["member"]["state"]), (200, &json!("suspended")));
    assert!(answer.body["effective_at"].is_string());
    let again = world.call("POST", &at(&team, team.member.member, "/suspend"), Some(&team.admin.cookie), None).await;
    assert_eq!(again.status, 409);
    let path = format!("/accounts/{}/keys/{key}", team.account);
    let hers = world.call("GET", &path, Some(&team.member.cookie), None).await;
    assert_eq!((hers.status, hers.code()), (403, "member_suspended"));
    let account = world.call("GET", &format!("/accounts/{}", team.account), Some(&team.member.cookie), None).await;
    let owner = account.body["owner"]["email"].as_str().map(str::to_lowercase);
    assert_eq!(owner, Some(team.owner.email.clone()), "she sees who to ask");
    assert_eq!(account.body["subscriptions"], json!([]));
    let seen = world.call("GET", &path, Some(&team.owner.cookie), None).await;
    assert_eq!(seen.body["status"], "holder_suspended");
    let back = world.call("POST", &at(&team, team.member.member, "/activate"), Some(&team.admin.cookie), None).await;
    assert_eq!(back.body["member"]["state"], "active");
    let hers = world.call("GET", &path, Some(&team.member.cookie), None).await;
    assert_eq!(hers.body["values"].as_array().map(Vec::len), Some(1), "nothing is lost");
    assert_eq!(world.mails_to(&team.member.email).await.len(), 2, "she is told both");
}

#[tokio::test]
async fn nobody_acts_on_themselves_on_the_owner_or_above_their_rights() {
    let world = World::start().await;
    let team = world.team("acme").await;
    for (who, whom, status) in [
        (&team.admin, &team.admin, 409),
        (&team.owner, &team.owner, 409),
        (&team.admin, &team.owner, 409),
        (&team.member, &team.admin, 403),
        (&team.member, &team.member, 403),
    ] {
        for (method, step, body) in
            [("POST", "/suspend", None), ("DELETE", "", None), ("PATCH", "", Some(json!({ "role": "member" })))]
        {
            let answer = world.call(method, &at(&team, whom.member, step), Some(&who.cookie), body).await;
            assert_eq!(answer.status, status, "{} {method}{step} {}: {}", who.email, whom.email, answer.body);
        }
    }
    let owner = world
        .call("PATCH", &at(&team, team.member.member, ""), Some(&team.admin.cookie), Some(json!({ "role": "owner" })))
        .await;
    assert_eq!((owner.status, &owner.body["field"]), (422, &json!("role")));
}

#[tokio::test]
async fn who_is_removed_loses_values_and_own_keys_for_good() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let (key, drawn) = own_key(&world, &team, &team.member).await;
    let gone = world.call("DELETE", &at(&team, team.member.member, ""), Some(&team.owner.cookie), None).await;
    assert_eq!((gone.status, &gone.body["member"]["state"]), (200, &json!("removed")));
    let path = format!("/accounts/{}/keys/{key}", team.account);
    let seen = world.call("GET", &path, Some(&team.owner.cookie), None).await;
    assert_eq!(seen.body["status"], "revoked");
    let id = drawn["value"]["id"].as_str().expect("an id").parse().expect("an id");
    let value = store::value::find(&world.app.store, id).await.expect("an answer").expect("it is kept");
    assert!(value.revoked_at.is_some());
    assert_eq!(
        world.call("GET", &path, Some(&team.member.cookie), None).await.status,
        404,
        "it is no longer hers to know"
    );
    for step in ["/activate", "/suspend"] {
        let answer = world.call("POST", &at(&team, team.member.member, step), Some(&team.owner.cookie), None).await;
        assert_eq!(answer.status, 409, "nothing comes back");
    }
}

#[tokio::test]
async fn one_leaves_by_oneself_but_not_as_the_owner() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let path = format!("/accounts/{}/leave", team.account);
    assert_eq!(world.call("POST", &path, Some(&team.owner.cookie), None).await.status, 409);
    assert_eq!(world.call("POST", &path, Some(&team.member.cookie), None).await.status, 204);
    assert_eq!(
        world.call("GET", &format!("/accounts/{}", team.account), Some(&team.member.cookie), None).await.status,
        404
    );
    assert_eq!(world.call("GET", "/me", Some(&team.member.cookie), None).await.status, 200, "her session goes on");
    assert_eq!(world.mails_to(&team.owner.email).await[0].0, "Mia left acme team");
    let trail = world.call("GET", &format!("/accounts/{}/audit", team.account), Some(&team.owner.cookie), None).await;
    assert_eq!(trail.body["changes"][0]["action"], "member.leave", "{}", trail.body);
}

#[tokio::test]
async fn a_shared_key_has_a_value_for_each_and_a_member_sees_own_and_shared_keys_only() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let second = world.seat(team.account, "Noor", "noor@acme.example", Role::Member).await;
    own_key(&world, &team, &second).await;
    let keys = format!("/accounts/{}/keys", team.account);
    let asked = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    let key = made.body["key"]["id"].as_str().expect("an id").to_owned();
    let values = format!("{keys}/{key}/values");
    let mut texts = vec![made.body["value"]["value"].clone()];
    for who in [&team.member, &second] {
        let drawn = world.call("POST", &values, Some(&who.cookie), Some(json!({}))).await;
        assert_eq!(drawn.status, 201, "{}", drawn.body);
        assert_eq!(drawn.body["key"]["values"].as_array().map(Vec::len), Some(1), "one's own");
        texts.push(drawn.body["value"]["value"].clone());
    }
    texts.dedup();
    assert_eq!(texts.len(), 3);
    let all = world.call("GET", &format!("{keys}/{key}"), Some(&team.owner.cookie), None).await;
    assert_eq!(all.body["values"].as_array().map(Vec::len), Some(3));
    let hers = world.call("GET", &keys, Some(&team.member.cookie), None).await;
    let names: Vec<_> = hers.body["keys"].as_array().expect("keys").iter().map(|key| key["name"].clone()).collect();
    assert_eq!(names, ["Shared"]);
    let theirs = all.body["values"].as_array().expect("values").iter().find(|value| value["member"]["name"] == "Noor");
    let theirs = theirs.expect("Noor's")["id"].as_str().expect("an id").to_owned();
    let refused = world.call("DELETE", &format!("{values}/{theirs}"), Some(&team.member.cookie), None).await;
    assert_eq!((refused.status, &refused.body["permission"]), (403, &json!("keys.revoke")));
    let service = world.call("POST", &values, Some(&team.member.cookie), Some(json!({ "owner": "account" }))).await;
    assert_eq!((service.status, &service.body["permission"]), (403, &json!("keys.rotate")));
}

#[tokio::test]
async fn of_two_who_change_a_member_at_once_the_second_is_told_and_changes_nothing() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let path = at(&team, team.member.member, "");
    let owner = Some(team.owner.cookie.as_str());
    let read = async || {
        let answer = world.call("GET", &path, owner, None).await;
        (answer.headers["etag"].to_str().expect("ASCII").to_owned(), answer.body)
    };
    let (seen, _) = read().await;
    let by_adam = json!({ "caps": [{ "metric": "requests", "period": "day", "limit": 5 }] });
    let first = world.call_if(Some(&seen), "PATCH", &path, Some(&team.admin.cookie), Some(by_adam)).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let (now, before) = read().await;
    assert_ne!(seen, now);
    assert_eq!(first.headers["etag"], now);
    let trail = async || {
        let answer = world.call("GET", &format!("/accounts/{}/audit", team.account), owner, None).await;
        answer.body["changes"].as_array().map(Vec::len)
    };
    let (lines, mails) = (trail().await, world.mails_to(&team.member.email).await.len());
    let ends_at = now_and_a_day();
    for body in [
        json!({ "name": "Maria" }),
        json!({ "role": "admin" }),
        json!({ "caps": [] }),
        json!({ "ends_at": ends_at }),
        json!({ "name": "Maria", "role": "admin", "caps": [], "ends_at": ends_at }),
    ] {
        let stale = world.call_if(Some(&seen), "PATCH", &path, owner, Some(body.clone())).await;
        assert_eq!((stale.status, stale.code()), (412, "changed_meanwhile"), "{body}: {}", stale.body);
        assert_eq!(stale.body["version"].as_u64().map(|version| format!("\"{version}\"")), Some(now.clone()));
        assert_eq!(read().await, (now.clone(), before.clone()), "{body} changed nothing");
    }
    assert_eq!((trail().await, world.mails_to(&team.member.email).await.len()), (lines, mails), "and told nobody");
    let fresh = world.call_if(Some(&now), "PATCH", &path, owner, Some(json!({ "name": "Maria" }))).await;
    assert_eq!((fresh.status, &fresh.body["member"]["name"]), (200, &json!("Maria")), "{}", fresh.body);
    assert_eq!(fresh.body["member"]["caps"][0]["limit"], json!(5), "the change before it stays");
}

fn now_and_a_day() -> String {
    crate::world::now().plus(domain::time::DAY).to_string()
}
