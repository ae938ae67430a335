//! What somebody else changed meanwhile is not undone unseen: every route that takes a version with `If-Match` refuses another one.

use serde_json::json;

use crate::{permissions, world::World};

/// A version that nothing here has.
const ANOTHER: &str = "\"999\"";

#[tokio::test]
async fn every_route_that_takes_a_version_refuses_another() {
    let world = World::start().await;
    let team = world.team("acme").await;
    let account = format!("/accounts/{}", team.account);
    let shared = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &format!("{account}/keys"), Some(&team.owner.cookie), Some(shared)).await;
    let key = made.body["key"]["id"].as_str().expect("an id").to_owned();
    let description = serde_json::to_value(control::description()).expect("plain values");
    let mut asked = 0;
    for (route, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let parameters = operation["parameters"].as_array();
            if !parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "If-Match")) {
                continue;
            }
            let path = route.replace("{account}", &team.account.to_string());
            let path = path.replace("{key}", &key).replace("{member}", &team.member.member.to_string());
            let (method, path) = (method.to_uppercase(), path.replace("{version}", "1"));
            let body = (method != "DELETE").then(|| permissions::body(&method, &path));
            let answer = world.call_if(Some(ANOTHER), &method, &path, Some(&team.owner.cookie), body).await;
            assert_eq!((answer.status, answer.code()), (412, "changed_meanwhile"), "{method} {route}: {}", answer.body);
            asked += 1;
        }
    }
    assert!(asked > 10, "only {asked} routes");
}
