//! Promise P7: who may do what through which route, as a table that is in the repository. A route that is missing in it fails, and
//! so does a change of what somebody may do.

use std::{fmt::Write, fs, path::Path};

use domain::role::Role;
use serde_json::{Value, json};

use crate::world::{Answer, Team, World};

/// Set it to `1` to write the table anew.
const WRITE: &str = "KEYWARD_WRITE_GOLDEN";
const FILE: &str = "tests/it/permissions.txt";

/// Everybody who asks, those first who may least: what one of them is refused changes nothing for the next.
const ASKING: [&str; 9] =
    ["signed-out", "stranger", "suspended", "member", "removed", "token", "admin", "owner", "operator"];

#[tokio::test]
async fn every_route_for_every_role_is_in_the_table() {
    let mut table = String::from(
        "# Route, and who is answered how. `ok`: the door is open (what stands behind it is another matter); a permission: it is\n\
         # missing; a code: why not. `token`: an access token of the owner with all permissions. Written by the test `permissions`.\n",
    );
    let description = serde_json::to_value(control::description()).expect("plain values");
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if operation["operationId"].is_null() {
                continue;
            }
            let line = line(&method.to_uppercase(), path.trim_start_matches("/api/v1")).await;
            writeln!(table, "{line}").expect("a string takes everything");
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var(WRITE).is_ok_and(|set| set == "1") {
        fs::write(&file, &table).expect("the repository can be written");
    }
    let held = fs::read_to_string(&file).unwrap_or_default();
    assert!(held == table, "{FILE} is not what the router does; `{WRITE}=1 cargo test -p control` writes it:\n{table}");
}

/// What everybody is answered by one route, in a world of its own.
async fn line(method: &str, path: &str) -> String {
    let mut line = format!("{method:<6} {path}\n      ");
    let world = World::start().await;
    let (team, other) = (world.team("acme").await, world.team("other").await);
    world.make_operator(&other.admin).await;
    let removed = world.seat(team.account, "Rita", "rita@acme.example", Role::Member).await;
    let gone = format!("/accounts/{}/members/{}", team.account, removed.member);
    assert_eq!(world.call("DELETE", &gone, Some(&team.owner.cookie), None).await.status, 200);
    let target = world.seat(team.account, "Tom", "tom@acme.example", Role::Member).await;
    let path = filled(&world, &team, &target.member.to_string(), path).await;
    let token = world.access_token(team.owner.person, team.account).await;
    for who in ASKING {
        let cookie = match who {
            "signed-out" | "token" => None,
            "stranger" => Some(&other.owner.cookie),
            "operator" => Some(&other.admin.cookie),
            "suspended" => Some(&team.suspended.cookie),
            "member" => Some(&team.member.cookie),
            "removed" => Some(&removed.cookie),
            "admin" => Some(&team.admin.cookie),
            _ => Some(&team.owner.cookie),
        };
        let body = matches!(method, "POST" | "PUT" | "PATCH").then(|| body(method, &path));
        let answer = match who {
            "token" => world.call_with_token(method, &path, &token, body).await,
            _ => world.call(method, &path, cookie.map(String::as_str), body).await,
        };
        assert!(answer.status < 500, "{who} {method} {path}: {} {}", answer.status, answer.body);
        write!(line, " {who}={}", told(&answer)).expect("a string takes everything");
    }
    line
}

/// The door is what is looked at: a refusal behind it, for a body that lacks something, is `ok` here.
fn told(answer: &Answer) -> String {
    match (answer.status, answer.body["permission"].as_str()) {
        (403, Some(permission)) => permission.to_owned(),
        (401 | 403 | 404, _) => answer.code().to_owned(),
        _ => "ok".to_owned(),
    }
}

/// The path with ids of things that are there: a key of the owner's, with a value; a member who can be acted upon.
async fn filled(world: &World, team: &Team, target: &str, path: &str) -> String {
    let account = team.account.to_string();
    let mut path = path.replace("{account}", &account).replace("{member}", target);
    let owner = Some(team.owner.cookie.as_str());
    if path.contains("{key}") {
        let asked = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
        let made = world.call("POST", &format!("/accounts/{account}/keys"), owner, Some(asked)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        path = path.replace("{key}", made.body["key"]["id"].as_str().expect("an id"));
        path = path.replace("{value}", made.body["value"]["id"].as_str().expect("an id"));
    }
    path.replace("{request}", "req_01m80dzgqhez697ez1zsaprmfq")
        .replace("{session}", "ses_01m80dzgqhez697ez1zsaprmfq")
        .replace("{access_token}", "tok_01m80dzgqhez697ez1zsaprmfq")
        .replace("{mail}", "mai_01m80dzgqhez697ez1zsaprmfq")
}

fn body(method: &str, path: &str) -> Value {
    let list = json!({ "mode": "observe", "entries": [] });
    match path.rsplit('/').next().unwrap_or("") {
        "invitations" => json!({ "name": "New", "email": "new@acme.example", "role": "member" }),
        "holder" => json!({ "member": "mem_01m80dzgqhez697ez1zsaprmfq" }),
        "ownership" => json!({ "member": "mem_01m80dzgqhez697ez1zsaprmfq", "password": "no password of anybody" }),
        "keys" => json!({ "name": "Mine", "environment": "Development", "sharing": "own" }),
        "limits" => json!({ "quotas": [], "rates": [] }),
        "second-factor" if method == "PUT" => json!({ "is_required": false }),
        "secret" if method == "PUT" => json!({ "required": true }),
        "allowlists" => json!({ "addresses": list, "domains": list, "methods": list, "contracts": list }),
        "calls" => json!({ "api": "football", "method": "GET", "path": "/" }),
        id if id.starts_with("acc_") => json!({ "name": "Renamed" }),
        _ => json!({}),
    }
}
