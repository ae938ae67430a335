//! The secret of a key through the REST API: shown once, asked for when it is required, and in no other answer.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn a_secret_is_drawn_required_rotated_waived_and_taken_away() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let keys = format!("/accounts/{}/keys", team.account);
    let asked = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    assert_eq!(made.body["key"]["secret"], Value::Null);
    let secret = format!("{keys}/{}/secret", made.body["key"]["id"].as_str().expect("an id"));
    let owner = async |method: &str, body: Value| {
        world.call(method, &secret, Some(&team.owner.cookie), (!body.is_null()).then_some(body)).await
    };
    for (method, body) in [("PUT", json!({ "required": true })), ("DELETE", Value::Null)] {
        assert_eq!(owner(method, body).await.status, 409, "{method}: there is no secret yet");
    }
    let first = owner("POST", json!({})).await;
    assert_eq!((first.status, &first.body["key"]["secret"]["required_at"]), (201, &Value::Null), "{}", first.body);
    let required = owner("PUT", json!({ "required": true })).await;
    assert!(required.body["key"]["secret"]["required_at"].is_string(), "{}", required.body);
    assert!(required.body["effective_at"].is_string());
    let second = owner("POST", json!({ "grace_days": 7 })).await;
    let shown = &second.body["key"]["secret"];
    assert!(shown["required_at"].is_string() && shown["former_expires_at"].is_string(), "{shown}");
    assert_ne!(first.body["secret"], second.body["secret"]);
    let too_long = owner("POST", json!({ "grace_days": 31 })).await;
    assert_eq!((too_long.status, &too_long.body["field"]), (422, &json!("grace_days")));
    assert_eq!(owner("PUT", json!({ "required": false })).await.body["key"]["secret"]["required_at"], Value::Null);
    assert_eq!(owner("PUT", json!({ "required": false })).await.status, 409, "it is not asked for already");
    assert_eq!(owner("DELETE", Value::Null).await.body["key"]["secret"], Value::Null);

    let trail = world.call("GET", &format!("/accounts/{}/audit", team.account), Some(&team.owner.cookie), None).await;
    let actions: Vec<_> = trail.body["changes"].as_array().expect("rows").iter().map(|row| &row["action"]).collect();
    let told = ["secret.remove", "secret.waive", "secret.draw", "secret.require", "secret.draw", "key.create"];
    assert_eq!(actions[..6], told);
    for text in [&first.body["secret"], &second.body["secret"]] {
        let text = text.as_str().expect("a secret");
        assert!(text.starts_with("ks_") && !trail.body.to_string().contains(text), "the trail does not tell it");
    }
}

#[tokio::test]
async fn a_holder_does_not_lift_the_secret_of_an_own_key() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let keys = format!("/accounts/{}/keys", team.account);
    let holder = team.member.member.to_string();
    let asked = json!({ "name": "Own", "environment": "Production", "sharing": "own", "holder": holder });
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    let secret = format!("{keys}/{}/secret", made.body["key"]["id"].as_str().expect("an id"));
    for (method, body) in [("POST", Some(json!({}))), ("PUT", Some(json!({ "required": false }))), ("DELETE", None)] {
        let answer = world.call(method, &secret, Some(&team.member.cookie), body).await;
        assert_eq!((answer.status, &answer.body["permission"]), (403, &json!("security.secret")), "{method}");
    }
}
