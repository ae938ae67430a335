//! Rates of members: set beside the caps, read back, told in the audit trail, and handed to the gateways.

use domain::{
    policy::PolicyChange,
    quota::{Metric, Scope},
    rate_limit::{Per, RateLimit},
};
use serde_json::{Value, json};

use super::at;
use crate::world::{Team, World};

fn rate(metric: &str, per: &str, limit: u64) -> Value {
    json!({ "metric": metric, "per": per, "limit": limit })
}

/// What the gateways know of the team's member.
async fn known(world: &World, team: &Team) -> Vec<RateLimit> {
    let (_, all) = store::policy::snapshot(&world.app.store).await.expect("policies");
    let members = all.into_iter().filter_map(|change| match change {
        PolicyChange::Member(member) => Some(member),
        _ => None,
    });
    members.filter(|member| member.id == team.member.member).flat_map(|member| member.rates).collect()
}

#[tokio::test]
async fn what_is_set_is_read_told_and_known_to_the_gateways() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let path = at(&team, team.member.member, "");
    let rates = json!([rate("credits", "minute", 600), rate("requests", "second", 20)]);
    let asked = json!({ "rates": [rates[1], rates[0]] });
    let set = world.call("PATCH", &path, Some(&team.admin.cookie), Some(asked)).await;
    assert_eq!((set.status, &set.body["member"]["rates"]), (200, &rates), "by metric and span: {}", set.body);
    assert!(set.body["effective_at"].is_string());
    let limit = |metric, per, limit| RateLimit { scope: Scope::Member, metric, per, limit };
    let expected = [limit(Metric::Credits, Per::Minute, 600), limit(Metric::Requests, Per::Second, 20)];
    assert_eq!(known(&world, &team).await, expected);
    let trail = world.call("GET", &format!("/accounts/{}/audit", team.account), Some(&team.owner.cookie), None).await;
    let newest = &trail.body["changes"][0];
    assert_eq!((&newest["action"], &newest["before"]["rates"]), (&json!("member.edit"), &json!([])));
    assert_eq!(newest["after"]["rates"], rates);

    // What is missing stays; what was seen before is old.
    let version = set.body["member"]["version"].clone();
    let capped = json!({ "caps": [{ "metric": "requests", "period": "day", "limit": 9 }] });
    let capped = world.call("PATCH", &path, Some(&team.admin.cookie), Some(capped)).await;
    assert_eq!((capped.status, &capped.body["member"]["rates"]), (200, &rates), "{}", capped.body);
    let none = json!({ "rates": [] });
    let stale = format!("\"{version}\"");
    let late = world.call_if(Some(&stale), "PATCH", &path, Some(&team.admin.cookie), Some(none.clone())).await;
    assert_eq!((late.status, late.code()), (412, "changed_meanwhile"), "{}", late.body);
    let off = world.call("PATCH", &path, Some(&team.owner.cookie), Some(none)).await;
    assert_eq!(
        (&off.body["member"]["rates"], off.body["member"]["caps"].as_array().map(Vec::len)),
        (&json!([]), Some(1))
    );
    assert_eq!(known(&world, &team).await, []);
}

#[tokio::test]
async fn an_invitation_brings_rates_to_the_account_or_to_a_key() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let account = format!("/accounts/{}", team.account);
    let owner = async |path: &str, body: Value| {
        world.call("POST", &format!("{account}{path}"), Some(&team.owner.cookie), Some(body)).await
    };
    let shared = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let made = owner("/keys", shared).await;
    let to_key = format!("/keys/{}/invitations", made.body["key"]["id"].as_str().expect("an id"));
    for (path, email) in [("/invitations", "kim@new.example"), (to_key.as_str(), "noor@new.example")] {
        let asked = |limit| {
            let rates = json!([rate("requests", "second", limit)]);
            json!({ "name": "New", "email": email, "role": "member", "rates": rates })
        };
        let refused = owner(path, asked(0)).await;
        assert_eq!(
            (refused.status, &refused.body["field"]),
            (422, &json!("rates[0].limit")),
            "{path}: {}",
            refused.body
        );
        assert_eq!(owner(path, asked(20)).await.status, 201, "{path}");
        let members = world.call("GET", &format!("{account}/members"), Some(&team.owner.cookie), None).await;
        let seats = members.body["members"].as_array().expect("seats");
        let invited = seats.iter().find(|seat| seat["email"] == email).expect("one pending seat");
        assert_eq!(invited["rates"], json!([rate("requests", "second", 20)]), "{path}");
        let newest = format!("{account}/audit?action=member.invite");
        let trail = world.call("GET", &newest, Some(&team.owner.cookie), None).await;
        assert_eq!(trail.body["changes"][0]["after"]["rates"], invited["rates"], "{path}: {}", trail.body);
    }
}

#[tokio::test]
async fn what_cannot_hold_is_refused_at_its_field_and_nobody_limits_themselves_or_the_owner() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let path = at(&team, team.member.member, "");
    for (rates, field) in [
        (json!([rate("requests", "second", 0)]), "rates[0].limit"),
        (json!([rate("requests", "second", 2_000_000_000)]), "rates[0].limit"),
        (json!([rate("requests", "hour", 5)]), "rates[0].per"),
        (json!([rate("requests", "minute", 1), rate("requests", "minute", 2)]), "rates[1].limit"),
        // The dearest call of the account's API costs 5.
        (json!([rate("requests", "second", 1), rate("credits", "second", 4)]), "rates[1].limit"),
    ] {
        let refused = world.call("PATCH", &path, Some(&team.owner.cookie), Some(json!({ "rates": rates }))).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)), "{}", refused.body);
    }
    let one = json!({ "rates": [rate("requests", "second", 1)] });
    for (who, whom, status) in
        [(&team.member, &team.member, 403), (&team.admin, &team.admin, 409), (&team.admin, &team.owner, 409)]
    {
        let answer = world.call("PATCH", &at(&team, whom.member, ""), Some(&who.cookie), Some(one.clone())).await;
        assert_eq!(answer.status, status, "{} {}: {}", who.email, whom.email, answer.body);
    }
    assert_eq!(known(&world, &team).await, []);
}
