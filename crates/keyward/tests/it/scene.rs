//! A scene: a world that serves, and what its owner asks of the REST API.

use std::time::Duration;

use serde_json::Value;
use testbed::{counting::Counting, http};

use crate::{
    suspension::team::Team,
    world::{World, WorldOptions},
};

/// How long an answer may take.
pub const ANSWER: Duration = Duration::from_secs(20);
/// What callers of tests call themselves where nothing else is said.
const AGENT: &str = "test/1";

/// What a caller is told: the status, the denial's code, and whose limit it is.
pub type Told = (u16, Option<String>, Option<String>);

/// A world that serves, and what its owner asks.
pub struct Scene {
    /// The program, its files and its store.
    pub world: World,
    /// The account, and its owner's session.
    pub team: Team,
    /// What is behind the REST API.
    pub upstream: Counting,
}

impl Scene {
    /// `prepare`: what is done before anything serves.
    pub fn start(prepare: impl FnOnce(&World)) -> Scene {
        Scene::with(WorldOptions::default(), prepare)
    }

    /// The same with other options; the upstream is the scene's own.
    pub fn with(options: WorldOptions, prepare: impl FnOnce(&World)) -> Scene {
        let upstream = Counting::start(Duration::ZERO);
        let mut world = World::prepare(WorldOptions { rest: Some(upstream.url()), ..options });
        prepare(&world);
        let team = Team::make(&world, 0);
        world.serve(&[]);
        Scene { world, team, upstream }
    }

    /// A request of the owner's to the REST API; `path` is below the account's.
    pub fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        self.ask_anywhere(method, &format!("/accounts/{}{path}", self.team.account), body)
    }

    /// The same, as who runs Keyward; the owner must be one.
    pub fn operate(&self, method: &str, path: &str, body: Value) -> Value {
        self.ask_anywhere(method, &format!("/operator/accounts/{}{path}", self.team.account), body)
    }

    fn ask_anywhere(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}/api/v1{path}", self.world.control_url());
        let cookie = format!("keyward={}", self.team.session);
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = http::send(method, &url, &headers, body.as_bytes(), ANSWER).expect("an answer");
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status < 300, "{method} {path}: {} {told}", answer.status);
        serde_json::from_str(&told).expect("JSON")
    }

    /// The path of the member with this name, below the account's.
    pub fn member(&self, name: &str) -> String {
        let members = self.ask("GET", "/members", Value::Null);
        let named = members["members"].as_array().expect("members").iter().find(|member| member["name"] == name);
        format!("/members/{}", named.expect("somebody of this name")["id"].as_str().expect("an id"))
    }

    /// One call with a value, over a connection of its own.
    pub fn call(&self, value: &str) -> Told {
        self.call_as(value, AGENT)
    }

    /// The same by a program that calls itself so.
    pub fn call_as(&self, value: &str, agent: &str) -> Told {
        let url = format!("{}/units", self.world.rest_url());
        let headers = [("x-api-key", value), ("user-agent", agent)];
        let answer = http::get(&url, &headers, ANSWER).expect("an answer");
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let text = |name: &str| told[name].as_str().map(str::to_owned);
        (answer.status, text("code"), text("rule"))
    }
}

/// What a caller who is denied is told.
pub fn denied(status: u16, code: &str, rule: Option<&str>) -> Told {
    (status, Some(code.to_owned()), rule.map(str::to_owned))
}
