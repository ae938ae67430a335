//! Keys that are handed over: at the removal of their holder, and alone.

use domain::{
    permission::{Permission, Permissions},
    role::{Reach, Role},
};
use serde_json::json;

use super::{at, own_key};
use crate::world::World;

#[tokio::test]
async fn keys_are_handed_over_at_removal() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let heir = world.seat(team.account, "Noor", "noor@acme.example", Role::Member).await;
    let (key, drawn) = own_key(&world, &team, &team.member).await;
    let path = at(&team, team.member.member, "");
    for (to, status) in
        [(team.member.member, 422), (team.suspended.member, 422), (world.team("other").await.owner.member, 422)]
    {
        let asked = format!("{path}?hand_over_to={to}");
        let refused = world.call("DELETE", &asked, Some(&team.owner.cookie), None).await;
        assert_eq!((refused.status, &refused.body["field"]), (status, &json!("hand_over_to")), "{}", refused.body);
    }
    let asked = format!("{path}?hand_over_to={}", heir.member);
    let removes = [Permission::KeysView, Permission::KeysUse, Permission::TeamworkView, Permission::TeamworkRemove];
    let role = world.custom_role(team.account, "Removes", Reach::new([], Permissions::of(&removes))).await;
    let remover = world.seat(team.account, "Rita", "rita@acme.example", role).await;
    let refused = world.call("DELETE", &asked, Some(&remover.cookie), None).await;
    assert_eq!((refused.status, &refused.body["permission"]), (403, &json!("keys.edit")), "{}", refused.body);
    let gone = world.call("DELETE", &asked, Some(&team.owner.cookie), None).await;
    assert_eq!((gone.status, &gone.body["member"]["state"]), (200, &json!("removed")), "{}", gone.body);
    let id = drawn["value"]["id"].as_str().expect("an id").parse().expect("an id");
    let value = store::value::find(&world.app.store, id).await.expect("an answer").expect("it is kept");
    assert!(value.revoked_at.is_some(), "the former holder's value is over");
    let path = format!("/accounts/{}/keys/{key}", team.account);
    let hers = world.call("GET", &path, Some(&heir.cookie), None).await;
    assert_eq!((&hers.body["holder"]["name"], &hers.body["status"]), (&json!("Noor"), &json!("no_value")));
    let drawn = world.call("POST", &format!("{path}/values"), Some(&heir.cookie), Some(json!({}))).await;
    assert_eq!(drawn.status, 201, "{}", drawn.body);
    assert!(world.mails_to(&heir.email).await[0].0.contains("You hold a key of Mia"));
}

#[tokio::test]
async fn a_key_is_handed_over_alone() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let heir = world.seat(team.account, "Noor", "noor@acme.example", Role::Member).await;
    let (key, _) = own_key(&world, &team, &team.member).await;
    let path = format!("/accounts/{}/keys/{key}/holder", team.account);
    let hand =
        async |cookie: &str, to: String| world.call("PUT", &path, Some(cookie), Some(json!({ "member": to }))).await;
    let hers = hand(&team.member.cookie, heir.member.to_string()).await;
    assert_eq!((hers.status, &hers.body["permission"]), (403, &json!("keys.edit")));
    assert_eq!(hand(&team.admin.cookie, team.suspended.member.to_string()).await.status, 409);
    assert_eq!(hand(&team.admin.cookie, team.member.member.to_string()).await.status, 409, "it is hers");
    assert_eq!(hand(&team.admin.cookie, "mem_nobody".to_owned()).await.status, 422);
    let handed = hand(&team.admin.cookie, heir.member.to_string()).await;
    assert_eq!((handed.status, &handed.body["key"]["holder"]["name"]), (200, &json!("Noor")), "{}", handed.body);
    assert_eq!(handed.body["key"]["values"], json!([]), "her value is over");
    assert!(world.mails_to(&team.member.email).await[0].0.contains("Noor holds your key"));
    let own = json!({ "name": "Olivia's", "environment": "Production", "sharing": "own" });
    let made =
        world.call("POST", &format!("/accounts/{}/keys", team.account), Some(&team.owner.cookie), Some(own)).await;
    let owners = made.body["key"]["id"].as_str().expect("an id");
    let path = format!("/accounts/{}/keys/{owners}/holder", team.account);
    let body = Some(json!({ "member": heir.member.to_string() }));
    let taken = world.call("PUT", &path, Some(&team.admin.cookie), body.clone()).await;
    assert_eq!(taken.status, 409, "nobody takes the owner's key: {}", taken.body);
    assert_eq!(
        world.call("PUT", &path, Some(&team.owner.cookie), body).await.status,
        200,
        "but who holds it may give it"
    );
}
