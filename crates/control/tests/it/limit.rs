//! Limits of a key through the REST API: what is set is read back, what cannot hold is refused at its field, and nobody undoes
//! another's change unseen.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::world::{Answer, Someone, Team, World};

/// A shared key of the team: its path.
async fn shared_key(world: &World, team: &Team) -> String {
    let keys = format!("/accounts/{}/keys", team.account);
    let asked = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    format!("{keys}/{}", made.body["key"]["id"].as_str().expect("an id"))
}

async fn put(world: &World, key: &str, who: &Someone, quotas: Value, rates: Value) -> Answer {
    let body = json!({ "quotas": quotas, "rates": rates });
    world.call("PUT", &format!("{key}/limits"), Some(&who.cookie), Some(body)).await
}

fn quota(metric: &str, period: &str, limit: u64) -> Value {
    json!({ "metric": metric, "period": period, "limit": limit })
}

fn rate(metric: &str, per: &str, limit: u64) -> Value {
    json!({ "metric": metric, "per": per, "limit": limit })
}

#[tokio::test]
async fn what_is_set_is_read_and_in_the_audit_trail() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = shared_key(&world, &team).await;
    let quotas =
        json!([quota("requests", "day", 500), quota("credits", "30 days", 9_000), quota("requests", "lifetime", 1)]);
    let rates = json!([rate("credits", "minute", 600), rate("requests", "second", 20)]);
    let set = put(&world, &key, &team.admin, quotas, rates.clone()).await;
    assert_eq!(set.status, 200, "{}", set.body);
    assert!(set.body["effective_at"].is_string());
    let read = world.call("GET", &format!("{key}/limits"), Some(&team.owner.cookie), None).await;
    let limits: Vec<_> = read.body["quotas"].as_array().expect("quotas").iter().map(|of| &of["limit"]).collect();
    assert_eq!(limits, [500, 1, 9_000], "by metric and period");
    assert_eq!((&read.body["quotas"][0]["usage"]["used"], &read.body["rates"]), (&json!(0), &rates));
    assert_eq!(read.headers["etag"], format!("\"{}\"", read.body["version"]));
    let trail = world.call("GET", &format!("/accounts/{}/audit", team.account), Some(&team.owner.cookie), None).await;
    let newest = &trail.body["changes"][0];
    assert_eq!((&newest["action"], &newest["before"]["quotas"]), (&json!("limit.edit"), &json!([])));
    assert_eq!(newest["after"]["rates"], rates);

    let lower = put(&world, &key, &team.admin, json!([quota("requests", "day", 20)]), json!([])).await;
    assert_eq!((&lower.body["quotas"][0]["limit"], &lower.body["rates"]), (&json!(20), &json!([])));
    let revoked = world.call("DELETE", &key, Some(&team.owner.cookie), None).await;
    assert_eq!(revoked.status, 200);
    assert_eq!(put(&world, &key, &team.owner, json!([]), json!([])).await.status, 409);
}

#[tokio::test]
async fn what_cannot_hold_is_refused_at_its_field() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = shared_key(&world, &team).await;
    let day = quota("requests", "day", 5);
    let many: Vec<_> = (1..=9).map(|days| quota("requests", &format!("{days} days"), 5)).collect();
    for (quotas, rates, field) in [
        (json!([day, quota("credits", "day", 0)]), json!([]), "quotas[1].limit"),
        (json!([quota("requests", "month", u64::MAX)]), json!([]), "quotas[0].limit"),
        (json!([day, quota("requests", "week", 5)]), json!([]), "quotas[1].period"),
        (json!([quota("requests", "0 days", 5)]), json!([]), "quotas[0].period"),
        (json!([day, day]), json!([]), "quotas[1].limit"),
        (json!(many), json!([]), "quotas[8].limit"),
        (json!([quota("calls", "day", 5)]), json!([]), "quotas[0].metric"),
        (json!([]), json!([rate("requests", "second", 0)]), "rates[0].limit"),
        (json!([]), json!([rate("requests", "second", 1), rate("requests", "second", 2)]), "rates[1].limit"),
        (json!([]), json!([rate("requests", "second", 2_000_000_000)]), "rates[0].limit"),
        (json!([]), json!([rate("requests", "hour", 5)]), "rates[0].per"),
        // The dearest call of the API costs 5.
        (json!([]), json!([rate("credits", "second", 4)]), "rates[0].limit"),
    ] {
        let refused = put(&world, &key, &team.owner, quotas, rates).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)), "{}", refused.body);
    }
    let read = world.call("GET", &format!("{key}/limits"), Some(&team.owner.cookie), None).await;
    assert_eq!((&read.body["quotas"], &read.body["rates"]), (&json!([]), &json!([])), "nothing was set");
}

#[tokio::test]
async fn a_holder_sees_the_limits_of_an_own_key_and_cannot_lift_them() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let shared = shared_key(&world, &team).await;
    let keys = format!("/accounts/{}/keys", team.account);
    let holder = team.member.member.to_string();
    let asked = json!({ "name": "Own", "environment": "Production", "sharing": "own", "holder": holder });
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    let own = format!("{keys}/{}", made.body["key"]["id"].as_str().expect("an id"));
    for (key, status) in [(&own, 200), (&shared, 403)] {
        let read = world.call("GET", &format!("{key}/limits"), Some(&team.member.cookie), None).await;
        assert_eq!(read.status, status, "{key}: {}", read.body);
        let set = put(&world, key, &team.member, json!([]), json!([])).await;
        assert_eq!((set.status, &set.body["permission"]), (403, &json!("security.limits")), "{key}");
    }
    let lists = world.call("GET", &format!("{shared}/allowlists"), Some(&team.member.cookie), None).await;
    assert_eq!((lists.status, &lists.body["permission"]), (403, &json!("security.view")));
}

#[tokio::test]
async fn a_change_to_what_somebody_else_changed_is_refused_with_both_versions() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = shared_key(&world, &team).await;
    let seen =
        world.call("GET", &format!("{key}/limits"), Some(&team.owner.cookie), None).await.body["version"].clone();
    let based_on = async |version: String| {
        let request = Request::builder()
            .method("PUT")
            .uri(format!("/api/v1{key}/limits"))
            .header("host", "keys.example.com")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", &team.owner.cookie)
            .header("content-type", "application/json")
            .header("if-match", version);
        let body = json!({ "quotas": [quota("requests", "day", 7)], "rates": [] });
        world.send(request.body(Body::from(body.to_string())).expect("a request")).await
    };
    assert_eq!(based_on("7".to_owned()).await.status, 422, "a version stands in quotes");
    let first = based_on(format!("\"{seen}\"")).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let second = based_on(format!("\"{seen}\"")).await;
    assert_eq!((second.status, second.code()), (412, "changed_meanwhile"));
    assert_eq!((&second.body["seen_version"], &second.body["version"]), (&seen, &first.body["version"]));
    assert_eq!(based_on(format!("\"{}\"", first.body["version"])).await.status, 200);
    assert_eq!(based_on("*".to_owned()).await.status, 200);
}

#[tokio::test]
async fn a_key_does_not_open_what_its_rate_could_never_serve() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = shared_key(&world, &team).await;
    assert_eq!(put(&world, &key, &team.owner, json!([]), json!([rate("credits", "second", 5)])).await.status, 200);
    world.raise_prices(6).await;
    let all = world.call("PATCH", &key, Some(&team.owner.cookie), Some(json!({ "apis": ["football"] }))).await;
    assert_eq!((all.status, &all.body["field"]), (422, &json!("apis")), "{}", all.body);
}

#[tokio::test]
async fn a_cap_of_nothing_is_refused() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let path = format!("/accounts/{}/members/{}", team.account, team.member.member);
    for (limit, status) in [(0, 422), (u64::MAX, 422), (1, 200)] {
        let body = json!({ "caps": [{ "metric": "requests", "period": "cycle", "limit": limit }] });
        let answer = world.call("PATCH", &path, Some(&team.admin.cookie), Some(body)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(status == 200 || answer.body["field"] == "caps[0].limit", "{}", answer.body);
    }
}
