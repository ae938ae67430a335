//! Versions of a key through the REST API: every change makes one, each can be gone back to by who may change what differs, and of
//! two who change a key at once nobody's change is lost unseen.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::world::{Answer, Someone, Team, World};

/// A key of the team, own of its member or shared: its path.
async fn a_key(world: &World, team: &Team, asked: Value) -> String {
    let keys = format!("/accounts/{}/keys", team.account);
    let mut whole = json!({ "name": "Orders", "environment": "Production", "sharing": "shared" });
    whole.as_object_mut().expect("an object").extend(asked.as_object().expect("an object").clone());
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(whole)).await;
    format!("{keys}/{}", made.body["key"]["id"].as_str().unwrap_or_else(|| panic!("{}", made.body)))
}

async fn own_key(world: &World, team: &Team) -> String {
    a_key(world, team, json!({ "sharing": "own", "holder": team.member.member.to_string() })).await
}

async fn call(world: &World, who: &Someone, method: &str, path: &str, body: Value) -> Answer {
    world.call(method, path, Some(&who.cookie), (!body.is_null()).then_some(body)).await
}

async fn get(world: &World, who: &Someone, path: &str) -> Value {
    let answer = call(world, who, "GET", path, Value::Null).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

fn office(mode: &str) -> Value {
    json!({ "addresses": { "mode": mode, "entries": [{ "value": "203.0.113.0/24", "note": "Office" }] } })
}

#[tokio::test]
async fn every_change_of_what_a_key_allows_makes_a_version() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = a_key(&world, &team, json!({ "metadata": { "team": "Orders" } })).await;
    let limits = json!({ "quotas": [{ "metric": "requests", "period": "day", "limit": 5 }],
        "rates": [{ "metric": "requests", "per": "second", "limit": 9 }], "reason": "Trial" });
    let changes = [
        ("PATCH", "", json!({ "name": "Other", "environment": "Development", "reason": "Moved" }), "name environment"),
        ("PATCH", "", json!({ "metadata": { "team": "Payments" }, "apis": ["football"] }), "apis metadata"),
        ("PATCH", "", json!({ "expires_at": "2100-01-01T00:00:00Z" }), "expires_at"),
        ("PUT", "/allowlists", office("enforce"), "addresses"),
        ("PUT", "/limits", limits, "quotas rates"),
        ("POST", "/disable", Value::Null, "enabled"),
        ("POST", "/enable", Value::Null, "enabled"),
        ("POST", "/secret", json!({}), ""),
        ("PUT", "/secret", json!({ "required": true, "reason": "Two are better" }), "secret_required"),
        ("POST", "/secret", json!({ "grace_days": 3 }), ""),
        ("DELETE", "/secret", Value::Null, "secret_required"),
        ("PATCH", "", json!({ "name": "Other" }), ""),
    ];
    let (mut expected, mut version) = (vec![String::new()], 1);
    for (method, below, body, changed) in changes {
        let answer = call(&world, &team.admin, method, &format!("{key}{below}"), body.clone()).await;
        assert!(answer.status < 300, "{method} {below}: {}", answer.body);
        version += u64::from(!changed.is_empty());
        if !changed.is_empty() {
            expected.push(changed.to_owned());
        }
        assert_eq!(get(&world, &team.owner, &key).await["version"], json!(version), "{method} {below}");
    }
    let listed = get(&world, &team.owner, &format!("{key}/versions")).await;
    let listed = listed["versions"].as_array().expect("versions").clone();
    let words = |version: &Value| {
        let words = version["changed"].as_array().expect("names").iter().filter_map(Value::as_str);
        words.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(listed.iter().rev().map(words).collect::<Vec<_>>(), expected);
    let newest_first: Vec<u64> = (1..=version).rev().collect();
    assert_eq!(listed.iter().filter_map(|of| of["number"].as_u64()).collect::<Vec<_>>(), newest_first);
    let author = |version: &Value| version["author"]["name"].clone();
    let oldest = listed.last().expect("a first one");
    assert_eq!((author(&listed[0]), author(oldest)), (json!("Adam"), json!("Olivia")));
    assert_eq!(listed[listed.len() - 2]["reason"], json!("Moved"));

    let page = get(&world, &team.owner, &format!("{key}/versions?limit=3&before={}", version - 2)).await;
    let numbers: Vec<u64> =
        page["versions"].as_array().expect("some").iter().filter_map(|of| of["number"].as_u64()).collect();
    assert_eq!((numbers, &page["next"]), (vec![version - 3, version - 4, version - 5], &json!(version - 5)));

    let whole = get(&world, &team.owner, &format!("{key}/versions/2")).await;
    assert_eq!(
        whole["since_before"][0],
        json!({ "field": "name", "before": "Orders", "after": "Other", "is_restored": true })
    );
    assert_eq!(whole["terms"]["metadata"], json!({ "team": "Orders" }));
    let fields: Vec<&Value> = whole["until_now"].as_array().expect("some").iter().map(|of| &of["field"]).collect();
    assert_eq!(fields, ["apis", "expires_at", "metadata", "addresses", "quotas", "rates"]);
    let list = &whole["until_now"][3];
    assert_eq!((&list["before"]["mode"], &list["after"]["entries"][0]["note"]), (&json!("off"), &json!("Office")));
}

#[tokio::test]
async fn going_back_is_a_new_version_and_leaves_values_secrets_and_switches_alone() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = a_key(&world, &team, json!({ "metadata": { "team": "Orders" } })).await;
    let limits = json!({ "quotas": [{ "metric": "requests", "period": "day", "limit": 5 }], "rates": [] });
    for (method, below, body) in [
        ("PUT", "/limits", limits),
        ("PUT", "/allowlists", office("enforce")),
        ("POST", "/secret", json!({})),
        ("PUT", "/secret", json!({ "required": true })),
        ("POST", "/disable", Value::Null),
        ("PATCH", "", json!({ "name": "Other", "metadata": {} })),
    ] {
        assert!(call(&world, &team.admin, method, &format!("{key}{below}"), body).await.status < 300, "{below}");
    }
    let before = get(&world, &team.owner, &key).await;
    let restore = format!("{key}/versions/1/restore");
    let gone_back = call(&world, &team.admin, "POST", &restore, json!({ "reason": "It was right" })).await;
    assert_eq!(gone_back.status, 200, "{}", gone_back.body);
    let now = get(&world, &team.owner, &key).await;
    assert_eq!((&now["name"], &now["metadata"]), (&json!("Orders"), &json!({ "team": "Orders" })));
    assert_eq!(now["version"].as_u64(), before["version"].as_u64().map(|version| version + 1));
    assert_eq!((&now["quotas"], &now["values"]), (&json!([]), &before["values"]));
    assert_eq!((&now["secret"], &now["disabled_at"]), (&before["secret"], &before["disabled_at"]), "switches stay");
    assert!(now["secret"]["required_at"].is_string() && now["disabled_at"].is_string());
    let lists = get(&world, &team.owner, &format!("{key}/allowlists")).await;
    assert_eq!(lists["addresses"]["entries"], json!([]));
    let newest = &get(&world, &team.owner, &format!("{key}/versions")).await["versions"][0];
    assert_eq!((&newest["restored"], &newest["reason"]), (&json!(1), &json!("It was right")));
    assert_eq!(newest["changed"], json!(["name", "metadata", "addresses", "quotas"]));
    let trail = get(&world, &team.owner, &format!("/accounts/{}/audit", team.account)).await;
    assert_eq!(trail["changes"][0]["action"], json!("key.restore"));
    let again = call(&world, &team.admin, "POST", &restore, json!({})).await;
    assert_eq!((again.status, again.code()), (409, "refused"), "nothing differs any more");
    let nowhere = call(&world, &team.admin, "POST", &format!("{key}/versions/99/restore"), json!({})).await;
    assert_eq!(nowhere.status, 404);
}

#[tokio::test]
async fn going_back_needs_the_permission_of_every_field_that_differs() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = own_key(&world, &team).await;
    let restore = async |version: u64| {
        call(&world, &team.member, "POST", &format!("{key}/versions/{version}/restore"), json!({})).await
    };
    assert_eq!(call(&world, &team.member, "PUT", &format!("{key}/allowlists"), office("observe")).await.status, 200);
    assert_eq!(restore(1).await.status, 200, "a holder sets the addresses of their own key");
    let limits = json!({ "quotas": [], "rates": [{ "metric": "requests", "per": "second", "limit": 3 }] });
    let methods = json!({ "methods": { "mode": "enforce", "entries": [{ "value": "GET /fixtures" }] } });
    for (method, below, body, missing) in [
        ("PATCH", "", json!({ "name": "Other" }), "keys.edit"),
        ("PUT", "/limits", limits, "security.limits"),
        ("PUT", "/allowlists", methods, "security.methods"),
    ] {
        let now = get(&world, &team.owner, &key).await["version"].as_u64().expect("a version");
        assert_eq!(call(&world, &team.owner, method, &format!("{key}{below}"), body).await.status, 200);
        let refused = restore(now).await;
        assert_eq!((refused.status, &refused.body["permission"]), (403, &json!(missing)), "{}", refused.body);
        let undone = call(&world, &team.owner, "POST", &format!("{key}/versions/{now}/restore"), json!({})).await;
        assert_eq!(undone.status, 200, "{}", undone.body);
    }
    let locked = json!({ "addresses": { "mode": "off", "entries": [], "locked": true } });
    assert_eq!(call(&world, &team.owner, "PUT", &format!("{key}/allowlists"), locked).await.status, 200);
    assert_eq!(restore(2).await.code(), "list_locked", "the lock holds for who goes back, too");
    let shared = a_key(&world, &team, json!({})).await;
    let hidden = call(&world, &team.member, "GET", &format!("{shared}/versions"), Value::Null).await;
    assert_eq!((hidden.status, &hidden.body["permission"]), (403, &json!("security.view")));
}

#[tokio::test]
async fn of_two_who_change_a_key_at_once_the_second_is_told() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = a_key(&world, &team, json!({})).await;
    let based_on = async |version: u64, method: &str, below: &str, body: &Value| {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{key}{below}"))
            .header("host", "keys.example.com")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", &team.owner.cookie)
            .header("content-type", "application/json")
            .header("if-match", format!("\"{version}\""));
        world.send(request.body(Body::from(body.to_string())).expect("a request")).await
    };
    // In an order in which each can be done after the ones before it.
    for (method, below, body) in [
        ("PATCH", "", json!({ "name": "Other" })),
        ("PUT", "/limits", json!({ "quotas": [{ "metric": "requests", "period": "day", "limit": 5 }], "rates": [] })),
        ("PUT", "/allowlists", office("observe")),
        ("POST", "/versions/1/restore", json!({})),
        ("POST", "/disable", Value::Null),
        ("POST", "/enable", Value::Null),
        ("POST", "/secret", json!({})),
        ("PUT", "/secret", json!({ "required": true })),
        ("DELETE", "/secret", Value::Null),
        ("DELETE", "", Value::Null),
    ] {
        let read = world.call("GET", &key, Some(&team.owner.cookie), None).await;
        let now = read.body["version"].as_u64().expect("a version");
        assert_eq!(read.headers["etag"], format!("\"{now}\""));
        let refused = based_on(now + 1, method, below, &body).await;
        assert_eq!((refused.status, refused.code()), (412, "changed_meanwhile"), "{method} {below}");
        assert_eq!((&refused.body["seen_version"], &refused.body["version"]), (&json!(now + 1), &json!(now)));
        let done = based_on(now, method, below, &body).await;
        assert!(done.status < 300, "{method} {below}: {}", done.body);
    }
}

#[tokio::test]
async fn what_a_command_changed_is_a_version_of_nobody() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let path = a_key(&world, &team, json!({})).await;
    let id = path.rsplit('/').next().expect("an id").parse().expect("an id");
    let tx = world.app.store.begin().await.expect("a transaction");
    let key = store::key::find(&tx, id).await.expect("an answer").expect("the key");
    store::key::save(&tx, &key.disable(crate::world::now()).expect("it was on")).await.expect("it is saved");
    tx.commit().await.expect("it is committed");
    assert_eq!(call(&world, &team.owner, "PATCH", &path, json!({ "name": "Other" })).await.status, 200);
    let listed = get(&world, &team.owner, &format!("{path}/versions")).await["versions"].clone();
    let told = |place: usize| (listed[place]["number"].clone(), listed[place]["changed"].clone());
    assert_eq!(told(0), (json!(3), json!(["name"])), "no more than what its author changed");
    assert_eq!((told(1), &listed[1]["author"]), ((json!(2), json!(["enabled"])), &Value::Null));
}
