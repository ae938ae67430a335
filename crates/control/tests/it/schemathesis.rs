//! The description of the REST API is kept by its answers: schemathesis makes requests of it, good and bad ones, as somebody of
//! each role. No answer is a server error, and none has another form than `openapi.json` says.

use std::{fmt::Write, fs, net::SocketAddr};

use serde_json::json;
use testbed::script;
use tokio::net::TcpListener;

use crate::world::{Team, World};

/// Requests of each operation, for each role.
const EXAMPLES: &str = "3";

#[tokio::test]
async fn nobody_who_is_signed_out_gets_anything_else_than_is_described() {
    play(|_| None).await;
}

#[tokio::test]
async fn no_member_gets_anything_else_than_is_described() {
    play(|team| Some(team.member.cookie.clone())).await;
}

#[tokio::test]
async fn no_owner_gets_anything_else_than_is_described() {
    play(|team| Some(team.owner.cookie.clone())).await;
}

#[tokio::test]
async fn no_operator_gets_anything_else_than_is_described() {
    play(|team| Some(team.admin.cookie.clone())).await;
}

/// Plays all operations in a world of its own, where the admin is an operator too.
async fn play(who: impl Fn(&Team) -> Option<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("it is bound"));
    let world = World::with(|settings| {
        settings.public_url = origin.clone();
        settings.operator_sees_logs = true;
    })
    .await;
    let team = world.team("north").await;
    world.make_operator(&team.admin).await;
    let config = world.folder().join("schemathesis.toml");
    fs::write(&config, parameters(&world, &team).await).expect("the folder can be written");
    let app = world.router().into_make_service_with_connect_info::<SocketAddr>();
    let served = tokio::spawn(async move { axum::serve(listener, app).await });
    let cookie = who(&team);
    let config = config.to_str().expect("UTF-8").to_owned();
    let ended = tokio::task::spawn_blocking(move || {
        let mut arguments = vec![config.as_str(), origin.as_str(), EXAMPLES];
        arguments.extend(cookie.as_deref());
        script::python("schemathesis_session.py", &arguments)
    });
    let ended = ended.await.expect("it does not panic");
    served.abort();
    assert!(ended.success, "{}{}", ended.output, ended.errors);
}

/// Ids of things that are there, for the parts of paths: random ones would find nothing but 404.
async fn parameters(world: &World, team: &Team) -> String {
    let asked = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
    let path = format!("/accounts/{}/keys", team.account);
    let made = world.call("POST", &path, Some(&team.owner.cookie), Some(asked)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = |noun: &str| made.body[noun]["id"].as_str().expect("an id").to_owned();
    let known = [
        ("account", team.account.to_string()),
        ("member", team.suspended.member.to_string()),
        ("key", id("key")),
        ("value", id("value")),
        ("api", "football".to_owned()),
        ("format", "csv".to_owned()),
    ];
    let mut text = String::from("[parameters]\n");
    for (name, value) in known {
        writeln!(text, "\"path.{name}\" = \"{value}\"").expect("a string takes everything");
    }
    text
}
