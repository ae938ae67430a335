//! Values: when they are used and from where, and who still calls with one that another replaced.

use domain::time::{DAY, SECOND};
use serde_json::{Value, json};

use crate::world::{Call, Someone, Team, World, now};

/// A shared key of the team: its path.
async fn shared_key(world: &World, team: &Team) -> String {
    let keys = format!("/accounts/{}/keys", team.account);
    let asked = json!({ "name": "Orders", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &keys, Some(&team.admin.cookie), Some(asked)).await;
    format!("{keys}/{}", made.body["key"]["id"].as_str().unwrap_or_else(|| panic!("{}", made.body)))
}

/// Draws a value, the one before going on for some days: its id.
async fn draw(world: &World, key: &str, who: &Someone, grace_days: u8) -> String {
    let asked = json!({ "grace_days": grace_days });
    let drawn = world.call("POST", &format!("{key}/values"), Some(&who.cookie), Some(asked)).await;
    drawn.body["value"]["id"].as_str().unwrap_or_else(|| panic!("{}", drawn.body)).to_owned()
}

fn call(team: &Team, key: &str, who: &Someone, value: &str, (address, agent): (&'static str, &'static str)) -> Call {
    let key = key.rsplit('/').next().and_then(|key| key.parse().ok()).expect("an id");
    let value = value.parse().expect("an id");
    Call { account: team.account, member: who.member, key, value, time: now(), address, agent }
}

async fn replaced(world: &World, key: &str, who: &Someone) -> Value {
    let answer = world.call("GET", &format!("{key}/values/replaced"), Some(&who.cookie), None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["values"].clone()
}

#[tokio::test]
async fn who_still_calls_with_a_replaced_value_is_told_until_it_ends() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = shared_key(&world, &team).await;
    let old = draw(&world, &key, &team.member, 0).await;
    let mut calls = vec![call(&team, &key, &team.member, &old, ("198.51.100.1", "before/1"))];
    assert_eq!(replaced(&world, &key, &team.member).await, json!([]), "nothing was rotated");
    world.pass(60 * SECOND);
    let new = draw(&world, &key, &team.member, 7).await;
    world.pass(60 * SECOND);
    calls.push(call(&team, &key, &team.member, &old, ("198.51.100.2", "cron/1")));
    world.pass(SECOND);
    calls.push(call(&team, &key, &team.member, &old, ("198.51.100.3", "cron/2")));
    calls.push(call(&team, &key, &team.member, &new, ("198.51.100.4", "cron/3")));
    world.log(&calls).await;
    for (who, hers) in [(&team.member, true), (&team.owner, false)] {
        let told = replaced(&world, &key, who).await;
        assert_eq!(told.as_array().map(Vec::len), Some(1), "the new value is not in it: {told}");
        assert_eq!((&told[0]["value"]["id"], &told[0]["value"]["is_mine"]), (&json!(old), &json!(hers)));
        assert!(told[0]["value"]["replaced_at"].is_string() && told[0]["value"]["expires_at"].is_string());
        let callers = told[0]["callers"].as_array().expect("a list");
        let callers: Vec<_> = callers.iter().map(|one| (one["address"].clone(), one["agent"].clone())).collect();
        let expected = [("198.51.100.3", "cron/2"), ("198.51.100.2", "cron/1")];
        assert_eq!(callers, expected.map(|(address, agent)| (json!(address), json!(agent))), "after the rotation only");
        assert_eq!(told[0]["has_more"], json!(false));
    }
    let read = world.call("GET", &key, Some(&team.member.cookie), None).await.body;
    let used: Vec<_> =
        read["values"].as_array().expect("values").iter().map(|value| &value["last_used_from"]).collect();
    assert_eq!(used, ["198.51.100.3", "198.51.100.4"]);
    world.pass(8 * DAY);
    let member = Someone { cookie: world.session(team.member.person).await, ..team.member.clone() };
    assert_eq!(replaced(&world, &key, &member).await, json!([]), "its grace period is over");
}

#[tokio::test]
async fn others_calls_are_told_to_those_who_may_see_them() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = shared_key(&world, &team).await;
    let teamwork = domain::permission::Module::Teamwork;
    let looks = domain::role::Reach::new([], [teamwork.view()].into_iter().collect());
    let role = world.custom_role(team.account, "Looks", looks).await;
    let vera = world.seat(team.account, "Vera", "vera@acme.example", role).await;
    let old = draw(&world, &key, &team.member, 0).await;
    draw(&world, &key, &team.member, 7).await;
    world.log(&[call(&team, &key, &team.member, &old, ("198.51.100.2", "cron/1"))]).await;
    let told = replaced(&world, &key, &vera).await;
    assert_eq!((&told[0]["value"]["id"], &told[0]["callers"]), (&json!(old), &Value::Null), "{told}");
    assert_eq!(told[0]["value"]["last_used_at"], Value::Null);
    let other = world.seat(team.account, "Tom", "tom@acme.example", domain::role::Role::Member).await;
    assert_eq!(replaced(&world, &key, &other).await, json!([]), "whose values are is not theirs to see");
    let stranger = world.team("other").await.owner;
    let refused = world.call("GET", &format!("{key}/values/replaced"), Some(&stranger.cookie), None).await;
    assert_eq!(refused.status, 404);
}
