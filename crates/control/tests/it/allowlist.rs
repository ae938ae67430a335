//! Allowlists through the REST API: four of a key and four of its account, each with its own permission, locks above holders.

use domain::permission::Permission;
use serde_json::{Value, json};

use crate::world::{Answer, Someone, Team, World};

const LISTS: [(&str, &str, &str); 4] = [
    ("addresses", "203.0.113.0/24", "203.0.113.300"),
    ("domains", "*.example.com", "https://a.*.com/x"),
    ("methods", "GET /fixtures/**", "eth_*call"),
    ("contracts", "0xdac17f958d2ee523a2206206994597c13d831ec7", "0x12"),
];

/// A key that Mia holds: its path.
async fn held(world: &World, team: &Team) -> String {
    let keys = format!("/accounts/{}/keys", team.account);
    let holder = team.member.member.to_string();
    let asked = json!({ "name": "Own", "environment": "Production", "sharing": "own", "holder": holder });
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    format!("{keys}/{}", made.body["key"]["id"].as_str().expect("an id"))
}

async fn put(world: &World, of: &str, who: &Someone, lists: Value) -> Answer {
    world.call("PUT", &format!("{of}/allowlists"), Some(&who.cookie), Some(lists)).await
}

fn list(mode: &str, values: &[&str]) -> Value {
    let entries: Vec<_> = values.iter().map(|value| json!({ "value": value, "note": null, "until": null })).collect();
    json!({ "mode": mode, "entries": entries })
}

#[tokio::test]
async fn four_lists_of_a_key_and_of_its_account_are_set_and_read() {
    let world = World::start().await;
    let team = world.team("acme").await;
    for of in [held(&world, &team).await, format!("/accounts/{}", team.account)] {
        for (name, value, _) in LISTS {
            for mode in ["enforce", "observe"] {
                let until = "2031-05-06T07:08:09Z";
                let entry = json!({ "value": value, "note": "Office", "until": until });
                let set = put(&world, &of, &team.admin, json!({ name: { "mode": mode, "entries": [entry] } })).await;
                assert_eq!(set.status, 200, "{of} {name}: {}", set.body);
                assert!(set.body["effective_at"].is_string());
                let read = world.call("GET", &format!("{of}/allowlists"), Some(&team.owner.cookie), None).await;
                let entries = json!([{ "value": value, "note": "Office", "until": until }]);
                assert_eq!((&read.body[name]["mode"], &read.body[name]["entries"]), (&json!(mode), &entries));
                assert_eq!(read.body["version"], set.body["version"]);
                assert_eq!(read.headers["etag"], format!("\"{}\"", read.body["version"]));
            }
        }
        let trail = format!("/accounts/{}/audit", team.account);
        let trail = world.call("GET", &trail, Some(&team.owner.cookie), None).await;
        let newest = &trail.body["changes"][0];
        assert_eq!(
            (&newest["action"], &newest["after"]["contracts"]["mode"]),
            (&json!("allowlist.edit"), &json!("observe"))
        );
        assert_eq!(newest["after"]["addresses"], Value::Null, "it tells what changed only");
        let before = world.call("GET", &format!("{of}/allowlists"), Some(&team.owner.cookie), None).await;
        let same = put(&world, &of, &team.admin, json!({})).await;
        assert_eq!(same.body["version"], before.body["version"], "nothing changed");
    }
}

#[tokio::test]
async fn what_is_no_list_is_refused_at_its_entry() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = held(&world, &team).await;
    for (name, value, wrong) in LISTS {
        let many: Vec<String> = (0..1_001).map(|number| format!("10.0.{}.{}", number / 250, number % 250)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut cases = vec![
            (list("enforce", &[value, wrong]), format!("{name}.entries[1].value")),
            (list("enforce", &[value, value]), format!("{name}.entries[1].value")),
            (list("loud", &[value]), format!("{name}.mode")),
            (
                json!({ "mode": "off", "entries": [{ "value": value, "until": "soon" }] }),
                format!("{name}.entries[0].until"),
            ),
            (
                json!({ "mode": "off", "entries": [{ "value": value, "note": "n".repeat(201) }] }),
                format!("{name}.entries[0].note"),
            ),
        ];
        if name == "addresses" {
            cases.push((list("enforce", &many), format!("{name}.entries")));
        }
        for (list, field) in cases {
            let refused = put(&world, &key, &team.owner, json!({ name: list })).await;
            assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)), "{}", refused.body);
        }
    }
    let thousand: Vec<String> = (0..1_000).map(|number| format!("10.0.{}.{}", number / 250, number % 250)).collect();
    let thousand: Vec<&str> = thousand.iter().map(String::as_str).collect();
    let full = put(&world, &key, &team.owner, json!({ "addresses": list("enforce", &thousand) })).await;
    assert_eq!(full.status, 200, "a full list fits into a request: {}", full.body);
}

#[tokio::test]
async fn a_holder_changes_addresses_and_domains_until_they_are_locked() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = held(&world, &team).await;
    for (name, value, _) in LISTS {
        let permission = match name {
            "addresses" | "domains" => None,
            "methods" => Some(Permission::SecurityMethods),
            _ => Some(Permission::SecurityContracts),
        };
        let set = put(&world, &key, &team.member, json!({ name: list("enforce", &[value]) })).await;
        let (status, told) = permission.map_or((200, Value::Null), |needed| (403, json!(needed.as_str())));
        assert_eq!((set.status, &set.body["permission"]), (status, &told), "{name}: {}", set.body);
    }
    let mut locked = list("enforce", &["203.0.113.7"]);
    locked["locked"] = json!(true);
    let by_holder = put(&world, &key, &team.member, json!({ "addresses": locked })).await;
    assert_eq!((by_holder.status, &by_holder.body["permission"]), (403, &json!("security.addresses")));
    let by_admin = put(&world, &key, &team.admin, json!({ "addresses": locked })).await;
    assert_eq!((by_admin.status, &by_admin.body["addresses"]["locked"]), (200, &json!(true)), "{}", by_admin.body);
    let seen = world.call("GET", &format!("{key}/allowlists"), Some(&team.member.cookie), None).await;
    assert_eq!(seen.body["addresses"]["can_edit"]["allowed"], false);
    assert_eq!(seen.body["domains"]["can_edit"]["allowed"], true);
    let mut opened = list("off", &[]);
    let refused = put(&world, &key, &team.member, json!({ "addresses": opened })).await;
    assert_eq!((refused.status, refused.code()), (403, "list_locked"), "{}", refused.body);
    opened["locked"] = json!(false);
    assert_eq!(put(&world, &key, &team.member, json!({ "addresses": opened })).await.status, 403);
    assert_eq!(put(&world, &key, &team.member, json!({ "domains": list("off", &[]) })).await.status, 200);
    let unlocked = put(&world, &key, &team.admin, json!({ "addresses": opened })).await;
    assert_eq!((unlocked.status, &unlocked.body["addresses"]["locked"]), (200, &json!(false)));
}

#[tokio::test]
async fn who_locked_a_list_and_when_is_told_until_it_is_unlocked() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let key = held(&world, &team).await;
    let lock = |locked: bool| {
        let mut addresses = list("enforce", &["203.0.113.7"]);
        addresses["locked"] = json!(locked);
        json!({ "addresses": addresses })
    };
    let seen =
        async |who: &Someone| world.call("GET", &format!("{key}/allowlists"), Some(&who.cookie), None).await.body;
    assert_eq!(put(&world, &key, &team.admin, lock(true)).await.body["addresses"]["locked_by"]["name"], "Adam");
    world.pass(domain::time::DAY);
    let later = json!({ "addresses": list("enforce", &["203.0.113.8"]) });
    assert_eq!(put(&world, &key, &team.owner, later).await.status, 200, "the lock stays, and so does who locked it");
    for who in [&team.member, &team.owner] {
        let told = seen(who).await;
        let (addresses, domains) = (&told["addresses"], &told["domains"]);
        let adam = json!({ "id": team.admin.member.to_string(), "name": "Adam" });
        assert_eq!(
            (&addresses["locked_by"], &domains["locked_by"], &domains["locked_at"]),
            (&adam, &Value::Null, &Value::Null)
        );
        let at: domain::time::Timestamp =
            addresses["locked_at"].as_str().and_then(|at| at.parse().ok()).expect("a moment");
        let ago = crate::world::now().since(at);
        assert!((domain::time::DAY..2 * domain::time::DAY).contains(&ago), "{ago}");
    }
    let why = seen(&team.member).await["addresses"]["can_edit"]["why"].as_str().map(str::to_owned);
    assert!(why.as_deref().is_some_and(|why| why.starts_with("Adam locked it: ")), "{why:?}");
    let versions = world.call("GET", &format!("{key}/versions"), Some(&team.owner.cookie), None).await.body;
    let locked_at = versions["versions"].as_array().map_or(0, Vec::len);
    assert_eq!(put(&world, &key, &team.owner, lock(false)).await.status, 200);
    assert_eq!(seen(&team.member).await["addresses"]["locked_by"], Value::Null);
    let back = format!("{key}/versions/{locked_at}/restore");
    assert_eq!(world.call("POST", &back, Some(&team.owner.cookie), Some(json!({}))).await.status, 200);
    let again = seen(&team.member).await;
    assert_eq!(again["addresses"]["locked_by"]["name"], "Olivia", "who goes back to a lock has locked it");
}

#[tokio::test]
async fn lists_of_the_account_are_neither_locked_nor_members_to_see() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let account = format!("/accounts/{}", team.account);
    let mut locked = list("enforce", &["203.0.113.7"]);
    locked["locked"] = json!(true);
    let refused = put(&world, &account, &team.owner, json!({ "addresses": locked })).await;
    assert_eq!((refused.status, &refused.body["field"]), (422, &json!("addresses.locked")));
    let seen = world.call("GET", &format!("{account}/allowlists"), Some(&team.member.cookie), None).await;
    assert_eq!((seen.status, &seen.body["permission"]), (403, &json!("security.view")));
}
