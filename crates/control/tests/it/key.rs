//! The list of keys and their metadata through the REST API: pages, filters, limits.

use serde_json::{Value, json};

use crate::world::{Someone, Team, World};

async fn make(world: &World, team: &Team, asked: Value) -> Value {
    let keys = format!("/accounts/{}/keys", team.account);
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["key"]["id"].clone()
}

/// The names of the keys that somebody is listed, and the cursor of the next page.
async fn listed(world: &World, team: &Team, who: &Someone, query: &str) -> (Vec<String>, Value) {
    let path = format!("/accounts/{}/keys{query}", team.account);
    let answer = world.call("GET", &path, Some(&who.cookie), None).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    let name = |key: &Value| key["name"].as_str().expect("a name").to_owned();
    (answer.body["keys"].as_array().expect("keys").iter().map(name).collect(), answer.body["next"].clone())
}

#[tokio::test]
async fn keys_are_listed_by_page_and_filter() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let mia = team.member.member.to_string();
    let soon = domain::time::Timestamp::plus(crate::world::now(), 3 * domain::time::DAY).to_string();
    let (own, shared) = ("own", "shared");
    let made = [
        json!({ "name": "Éclair 100%", "environment": "Production", "sharing": shared, "metadata": { "team": "a=b" } }),
        json!({ "name": "Mia's", "environment": "Development", "sharing": own, "holder": mia, "metadata": { "team": "Web" } }),
        json!({ "name": "Olivia's", "environment": "Production", "sharing": own }),
        json!({ "name": "Batch 1000", "environment": "Production", "sharing": shared, "expires_at": soon }),
    ];
    let mut ids = Vec::new();
    for asked in made {
        ids.push(make(&world, &team, asked).await);
    }
    let path = |place: usize| format!("/accounts/{}/keys/{}", team.account, ids[place].as_str().expect("an id"));
    let off = world.call("POST", &format!("{}/disable", path(2)), Some(&team.owner.cookie), None).await;
    assert_eq!(off.status, 200);
    let cases: [(&str, &[&str], &[&str]); 14] = [
        ("", &["Éclair 100%", "Mia's", "Olivia's", "Batch 1000"], &["Éclair 100%", "Mia's", "Batch 1000"]),
        ("?q=A", &["Éclair 100%", "Mia's", "Olivia's", "Batch 1000"], &["Éclair 100%", "Mia's", "Batch 1000"]),
        ("?q=%C3%A9CLAIR", &["Éclair 100%"], &["Éclair 100%"]),
        ("?q=100%25", &["Éclair 100%"], &["Éclair 100%"]),
        ("?q=1_0", &[], &[]),
        ("?environment=Production", &["Éclair 100%", "Olivia's", "Batch 1000"], &["Éclair 100%", "Batch 1000"]),
        (&format!("?holder={mia}"), &["Mia's"], &["Mia's"]),
        ("?metadata=team=Web", &["Mia's"], &["Mia's"]),
        ("?metadata=team=a=b", &["Éclair 100%"], &["Éclair 100%"]),
        ("?metadata=team=web", &[], &[]),
        ("?status=disabled", &["Olivia's"], &[]),
        ("?status=expires_soon", &["Batch 1000"], &["Batch 1000"]),
        ("?status=active&environment=Production", &["Éclair 100%", "Batch 1000"], &["Éclair 100%", "Batch 1000"]),
        ("?status=revoked", &[], &[]),
    ];
    for (query, to_owner, to_member) in cases {
        assert_eq!(listed(&world, &team, &team.owner, query).await.0, to_owner, "{query}");
        assert_eq!(listed(&world, &team, &team.member, query).await.0, to_member, "{query} by the member");
    }
    for who in [&team.owner, &team.member] {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let (page, next) = listed(&world, &team, who, &format!("?limit=1{after}")).await;
            all.extend(page);
            let Some(next) = next.as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(all, listed(&world, &team, who, "").await.0, "page by page");
    }
    assert_eq!(world.call("DELETE", &path(1), Some(&team.owner.cookie), None).await.status, 200);
    assert_eq!(listed(&world, &team, &team.owner, "?status=revoked").await.0, ["Mia's"]);
    assert_eq!(listed(&world, &team, &team.owner, "?metadata=team=Web").await.0, [""; 0]);
    assert_eq!(listed(&world, &team, &team.owner, "?metadata=team=Web&revoked=true").await.0, ["Mia's"]);
    world.pass(4 * domain::time::DAY);
    assert_eq!(listed(&world, &team, &team.owner, "?status=expired").await.0, ["Batch 1000"]);
}

#[tokio::test]
async fn what_is_no_filter_or_metadata_is_refused_at_its_field() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let keys = format!("/accounts/{}/keys", team.account);
    for (query, field) in [
        ("?limit=0", "limit"),
        ("?limit=501", "limit"),
        ("?holder=Mia", "holder"),
        ("?metadata=team", "metadata"),
        ("?metadata=two%20words=x", "metadata"),
        ("?after=yesterday", "after"),
        (&format!("?q={}", "x".repeat(81)), "q"),
    ] {
        let refused = world.call("GET", &format!("{keys}{query}"), Some(&team.owner.cookie), None).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)), "{query}: {}", refused.body);
    }
    let many: Value = (0..21).map(|n| (format!("n{n}"), json!("v"))).collect::<serde_json::Map<_, _>>().into();
    for (metadata, field) in [
        (json!({ "two words": "x" }), "metadata.two words"),
        (json!({ "team": "" }), "metadata.team"),
        (json!({ "team": "v".repeat(201) }), "metadata.team"),
        (many, "metadata"),
    ] {
        let asked = json!({ "name": "Key", "environment": "Production", "sharing": "shared", "metadata": metadata });
        let refused = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!(field)), "{}", refused.body);
    }
}
