//! `keyward remote` against a Keyward that serves: every command once, what is refused and how, TLS, and a connection that breaks.

use std::time::Duration;

use domain::time::Timestamp;
use serde_json::{Value, json};
use store::{Location, Store};
use testbed::http;

use crate::{
    suspension::team::Team,
    terminal::Answer,
    world::{World, WorldOptions},
};

mod front;
mod life;
mod refusals;

const ANSWER: Duration = Duration::from_secs(20);

/// A Keyward that serves, and an operator of it with an access token.
pub struct Scene {
    pub world: World,
    team: Team,
    token: String,
}

impl Scene {
    /// With this upstream behind it.
    fn start(rest: Option<String>) -> Scene {
        let head = "[plan.large]\nquota = { requests = 2_000_000, per = \"day\" }\n".to_owned();
        Scene::start_with(WorldOptions { head, rest, ..WorldOptions::default() }, &[])
    }

    /// With all that a world can have, and these variables in the server's environment.
    pub fn start_with(options: WorldOptions, environment: &[(&str, &str)]) -> Scene {
        let mut world = World::prepare(options);
        let team = Team::make(&world, 0);
        make_operator(&world);
        world.serve(environment);
        let mut scene = Scene { world, team, token: String::new() };
        scene.token = scene.new_token(json!({ "name": "terminal", "is_operator": true })).0;
        scene
    }

    /// A request of the owner's, with their session.
    pub fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/api/v1{path}", self.world.control_url());
        let cookie = format!("keyward={}", self.team.session);
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = http::send(method, &url, &headers, body.as_bytes(), ANSWER).expect("an answer");
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// Makes an access token; its text and its id.
    fn new_token(&self, asked: Value) -> (String, String) {
        let (status, made) = self.ask("POST", "/access-tokens", asked);
        assert_eq!(status, 201, "{made}");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (text(&made["text"]), text(&made["access_token"]["id"]))
    }

    /// Runs `keyward remote …` with the operator's token.
    fn run(&self, arguments: &[&str]) -> Answer {
        self.run_to(self.world.control_url(), arguments)
    }

    /// The same towards another address.
    fn run_to(&self, server: &str, arguments: &[&str]) -> Answer {
        let environment = [("KEYWARD_SERVER", server), ("KEYWARD_TOKEN", &self.token)];
        self.world.terminal.run_in(&environment, &[&["remote"], arguments].concat())
    }

    /// Runs one that does what it was asked; its table.
    fn table(&self, arguments: &[&str]) -> String {
        let answer = self.run(arguments);
        assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""), "{arguments:?}: {answer:?}");
        answer.out
    }

    /// Runs one with `--json`; one value for each line.
    pub fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let out = self.table(&[arguments, &["--json"]].concat());
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// Runs one with `--json` that answers with one value.
    fn one(&self, arguments: &[&str]) -> Value {
        let mut lines = self.json(arguments);
        assert_eq!(lines.len(), 1, "{arguments:?}: {lines:?}");
        lines.remove(0)
    }
}

/// Makes the owner of the world's account an operator, before anything serves.
fn make_operator(world: &World) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let location = Location::Sqlite { folder: world.terminal.data() };
        let store = Store::open(&location).await.expect("the store opens");
        let tx = store.begin().await.expect("a transaction");
        let email = "olivia@example.com".parse().expect("an address");
        let owner = store::person::find_by_email(&tx, &email).await.expect("people").expect("the owner");
        let operator_at = owner.confirmed_at.or(Some(Timestamp::from_micros(0)));
        let operator = domain::person::Person { operator_at, ..owner };
        store::person::save(&tx, &operator).await.expect("an operator");
        tx.commit().await.expect("it commits");
        store.close().await.expect("the store closes");
    });
}
