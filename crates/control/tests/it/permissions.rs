//! Promise P7: who may do what through which route, as a table that is in the repository. A route that is missing in it fails, and
//! so does a change of what somebody may do.

use std::{fmt::Write, fs, path::Path};

use domain::{
    permission::{Module, Permissions},
    role::{Reach, Role},
};
use serde_json::{Value, json};

use crate::world::{Answer, Team, World};

/// Set it to `1` to write the table anew.
const WRITE: &str = "KEYWARD_WRITE_GOLDEN";
const FILE: &str = "tests/it/permissions.txt";

/// Everybody who asks, those first who may least: what one of them is refused changes nothing for the next.
const ASKING: [&str; 13] = [
    "signed-out",
    "stranger",
    "other-admin",
    "suspended",
    "removed",
    "key-only",
    "member",
    "viewer",
    "lead",
    "token",
    "admin",
    "owner",
    "operator",
];

#[tokio::test]
async fn every_route_for_every_role_is_in_the_table() {
    let mut table = String::from(
        "# Route, and who is answered how. `ok`: the door is open (what stands behind it is another matter); a permission: it is\n\
         # missing; a code: why not. `key-only`: `admin` of the key and nothing else;\n\
         # `viewer`: a role of the account's own that only looks; `lead`: one that holds all modules; `token`: an access token of the\n\
         # owner with all permissions. Written by the test `permissions`.\n",
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
    let role = async |name, reach| world.custom_role(team.account, name, reach).await;
    let views = Module::ALL.into_iter().map(Module::view).collect();
    let viewer = role("Views", Reach::new([], views)).await;
    let lead = role("Leads", Reach::new(Module::ALL, Permissions::default())).await;
    let viewer = world.seat(team.account, "Vera", "vera@acme.example", viewer).await;
    let lead = world.seat(team.account, "Lea", "lea@acme.example", lead).await;
    let other_admin = world.seat(other.account, "Ann", "ann@other.example", Role::Admin).await;
    let (key, value) = shared_key(&world, &team).await;
    let key_only = world.seat(team.account, "Kim", "kim@acme.example", Role::Member).await;
    world.for_key_only(team.account, &key_only, key.parse().expect("an id"), Role::Admin).await;
    let path = path.replace("{account}", &team.account.to_string()).replace("{member}", &target.member.to_string());
    let path = filled(&path.replace("{key}", &key).replace("{value}", &value));
    let token = world.access_token(team.owner.person, team.account).await;
    for (turn, who) in ASKING.into_iter().enumerate() {
        let path = prepared(&world, &team, &path, turn).await;
        let cookie = match who {
            "signed-out" | "token" => None,
            "stranger" => Some(&other.owner.cookie),
            "operator" => Some(&other.admin.cookie),
            "other-admin" => Some(&other_admin.cookie),
            "key-only" => Some(&key_only.cookie),
            "viewer" => Some(&viewer.cookie),
            "lead" => Some(&lead.cookie),
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

/// A shared key of the owner's, and their value of it.
async fn shared_key(world: &World, team: &Team) -> (String, String) {
    let asked = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let keys = format!("/accounts/{}/keys", team.account);
    let made = world.call("POST", &keys, Some(&team.owner.cookie), Some(asked)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = |of: &str| made.body[of]["id"].as_str().expect("an id").to_owned();
    (id("key"), id("value"))
}

/// What a request takes away is there again for the next who asks: a role that nobody holds, a grant on the key.
async fn prepared(world: &World, team: &Team, path: &str, turn: usize) -> String {
    let owner = Some(team.owner.cookie.as_str());
    if path.contains("/teamwork/") {
        let given = world.call("PUT", path, owner, Some(json!({ "role": "member" }))).await;
        assert_eq!(given.status, 200, "{}", given.body);
    }
    let Some(roles) = path.strip_suffix("/{role}") else { return path.to_owned() };
    let made = world.call("POST", roles, owner, Some(json!({ "name": format!("Role {turn}") }))).await;
    assert_eq!(made.status, 201, "{}", made.body);
    format!("{roles}/{}", made.body["role"]["id"].as_str().expect("an id"))
}

/// The path with ids of things that need not be there.
fn filled(path: &str) -> String {
    path.replace("{request}", "req_01m80dzgqhez697ez1zsaprmfq")
        .replace("{session}", "ses_01m80dzgqhez697ez1zsaprmfq")
        .replace("{access_token}", "tok_01m80dzgqhez697ez1zsaprmfq")
        .replace("{mail}", "mai_01m80dzgqhez697ez1zsaprmfq")
        .replace("{api}", "football")
        .replace("{format}", "csv")
}

/// A body that the route takes; what stands in it need not be there.
pub fn body(method: &str, path: &str) -> Value {
    let list = json!({ "mode": "observe", "entries": [] });
    match path.rsplit('/').next().unwrap_or("") {
        "invitations" => json!({ "name": "New", "email": "new@acme.example", "role": "member" }),
        "leaked" => json!({ "values": ["kw_no_value"] }),
        "leaks" => json!({ "on_leak": "alert" }),
        "holder" => json!({ "member": "mem_01m80dzgqhez697ez1zsaprmfq" }),
        "ownership" => json!({ "member": "mem_01m80dzgqhez697ez1zsaprmfq", "password": "no password of anybody" }),
        "keys" => json!({ "name": "Mine", "environment": "Development", "sharing": "own" }),
        "limits" => json!({ "quotas": [], "rates": [] }),
        "second-factor" if method == "PUT" => json!({ "is_required": false }),
        "secret" if method == "PUT" => json!({ "required": true }),
        "roles" if method == "PUT" => json!({ "roles": [] }),
        "roles" => json!({ "name": "New role" }),
        id if id.starts_with("mem_") && method == "PUT" => json!({ "role": "member" }),
        "allowlists" => json!({ "addresses": list, "domains": list, "methods": list, "contracts": list }),
        "accounts" => json!({ "name": "New", "owner_name": "Nora", "owner_email": "nora@new.example" }),
        "football" => json!({ "plan": "free" }),
        "extra-units" => {
            json!({ "api": "football", "metric": "requests", "period": "day", "units": 1, "reason": "a test" })
        }
        "calls" => json!({ "api": "football", "method": "GET", "path": "/" }),
        id if id.starts_with("acc_") => json!({ "name": "Renamed" }),
        _ => json!({}),
    }
}
