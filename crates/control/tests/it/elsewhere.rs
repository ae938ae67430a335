//! What is another account's is not there: its ids lead nowhere by any route, and nothing of it can be named in a request. Nor is a
//! role at hand outside its scope.

use serde_json::{Value, json};

use crate::{
    permissions,
    world::{Team, World},
};

/// The parts of paths that name something of an account.
const NAMED: [&str; 4] = ["key", "member", "role", "value"];

/// Things of an account, by id.
struct Things {
    /// A shared key of the owner's.
    key: String,
    /// Their value of it.
    value: String,
    /// A role on it.
    role_on_key: String,
    /// A role on another key.
    role_elsewhere: String,
    /// A role in the account.
    role: String,
    /// A member who holds that.
    member: String,
    /// The member's own key.
    own_key: String,
}

async fn ask(world: &World, team: &Team, method: &str, path: &str, body: Value) -> (u16, Value) {
    let path = format!("/accounts/{}{path}", team.account);
    let answer = world.call(method, &path, Some(&team.owner.cookie), (!body.is_null()).then_some(body)).await;
    (answer.status, answer.body)
}

async fn things(world: &World, team: &Team) -> Things {
    let made = async |path: &str, body: Value| {
        let (status, body) = ask(world, team, "POST", path, body).await;
        assert_eq!(status, 201, "{path}: {body}");
        body
    };
    let id = |body: &Value, noun: &str| body[noun]["id"].as_str().expect("an id").to_owned();
    let shared = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let first = made("/keys", shared.clone()).await;
    let (key, second) = (id(&first, "key"), id(&made("/keys", shared).await, "key"));
    let named = json!({ "name": "Desk" });
    let on_key = async |key: &str| id(&made(&format!("/keys/{key}/roles"), named.clone()).await, "role");
    let (role_on_key, role_elsewhere) = (on_key(&key).await, on_key(&second).await);
    let role = id(&made("/roles", named.clone()).await, "role");
    let member = team.member.member.to_string();
    let (status, body) = ask(world, team, "PATCH", &format!("/members/{member}"), json!({ "role": role })).await;
    assert_eq!(status, 200, "{body}");
    let own = json!({ "name": "Own", "environment": "Production", "sharing": "own", "holder": member });
    let own_key = id(&made("/keys", own).await, "key");
    Things { key, value: id(&first, "value"), role_on_key, role_elsewhere, role, member, own_key }
}

impl Things {
    fn id(&self, name: &str, path: &str) -> &str {
        match name {
            "key" => &self.key,
            "member" => &self.member,
            "value" => &self.value,
            _ if path.contains("{key}") => &self.role_on_key,
            _ => &self.role,
        }
    }
}

#[tokio::test]
async fn an_id_of_another_account_leads_nowhere_by_any_route() {
    let world = World::start().await;
    let (team, other) = (world.team("acme").await, world.team("other").await);
    let (mine, theirs) = (things(&world, &team).await, things(&world, &other).await);
    let before = ask(&world, &other, "GET", "/audit", Value::Null).await;
    let description = serde_json::to_value(control::description()).expect("plain values");
    let mut asked = 0;
    for (route, item) in description["paths"].as_object().expect("paths") {
        let Some(route) = route.strip_prefix("/accounts/{account}") else { continue };
        let methods = item.as_object().expect("operations").iter().filter(|(_, operation)| operation.is_object());
        for (method, _) in methods {
            for foreign in NAMED.into_iter().filter(|name| route.contains(&format!("{{{name}}}"))) {
                let mut path = route.replace("{version}", "1");
                for name in NAMED {
                    let of = if name == foreign { &theirs } else { &mine };
                    path = path.replace(&format!("{{{name}}}"), of.id(name, route));
                }
                let method = method.to_uppercase();
                let body = matches!(&*method, "POST" | "PUT" | "PATCH").then(|| permissions::body(&method, &path));
                let (status, body) = ask(&world, &team, &method, &path, body.unwrap_or_default()).await;
                let told = (status, body["code"].as_str());
                assert_eq!(told, (404, Some("not_found")), "{method} {route} with the {foreign} of others: {body}");
                asked += 1;
            }
        }
    }
    assert!(asked > 40, "only {asked} requests");
    assert_eq!(ask(&world, &other, "GET", "/audit", Value::Null).await, before, "nothing was done to it");
}

#[tokio::test]
async fn nothing_of_another_account_or_scope_is_named_in_a_request() {
    let world = World::start().await;
    let (team, other) = (world.team("acme").await, world.team("other").await);
    let (mine, theirs) = (things(&world, &team).await, things(&world, &other).await);
    let (member, on_key) = (format!("/members/{}", mine.member), format!("/keys/{}", mine.key));
    let (teamwork, own_key) = (format!("{on_key}/teamwork/{}", mine.member), format!("/keys/{}", mine.own_key));
    let role = |id: &str| json!({ "role": id });
    let invited = |id: &str| json!({ "name": "New", "email": "new@acme.example", "role": id });
    let held = json!({ "name": "Theirs", "environment": "Production", "sharing": "own", "holder": theirs.member });
    let cases = [
        ("PATCH", member.clone(), role(&theirs.role), 422, "role"),
        ("PATCH", member.clone(), role(&mine.role_on_key), 422, "role"),
        ("PUT", teamwork.clone(), role(&mine.role), 422, "role"),
        ("PUT", teamwork.clone(), role(&mine.role_elsewhere), 422, "role"),
        ("PUT", teamwork, role(&theirs.role_on_key), 422, "role"),
        ("POST", "/invitations".to_owned(), invited(&theirs.role), 422, "role"),
        ("POST", format!("{on_key}/invitations"), invited(&mine.role), 422, "role"),
        ("DELETE", format!("/roles/{}?replacement={}", mine.role, theirs.role), Value::Null, 422, "role"),
        ("DELETE", format!("/roles/{}?replacement={}", mine.role, mine.role_on_key), Value::Null, 422, "role"),
        ("PATCH", format!("/roles/{}", mine.role_on_key), json!({ "name": "New" }), 404, ""),
        ("DELETE", format!("{on_key}/roles/{}", mine.role), Value::Null, 404, ""),
        ("DELETE", format!("{on_key}/roles/{}", mine.role_elsewhere), Value::Null, 404, ""),
        ("POST", "/keys".to_owned(), held, 422, "holder"),
        ("PUT", format!("{own_key}/holder"), json!({ "member": theirs.member }), 422, "member"),
        ("DELETE", format!("{member}?hand_over_to={}", theirs.member), Value::Null, 422, "hand_over_to"),
    ];
    for (method, path, body, status, field) in cases {
        let (told, answer) = ask(&world, &team, method, &path, body.clone()).await;
        let at = answer["field"].as_str().unwrap_or_default();
        assert_eq!((told, at), (status, field), "{method} {path} {body}: {answer}");
    }
}
