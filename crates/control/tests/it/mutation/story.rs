//! A story of changes, each made through the operation's own path as `openapi.json` has it, and what each left behind.

use std::collections::BTreeSet;

use domain::time::Timestamp;
use serde_json::{Value, json};
use store::audit::{Filter, Whose};

use crate::world::{CARRIED_IN, Someone, Team, World, now};

/// Operations that change what a key allows.
const VERSIONED: [&str; 8] = [
    "update_key",
    "set_key_limits",
    "set_allowlists",
    "disable_key",
    "enable_key",
    "require_secret",
    "remove_secret",
    "restore_version",
];

/// Whether gateways must know of a change; then it is answered with the moment from which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateways {
    Know,
    NeverKnow,
}

/// What was done so far.
pub struct Story<'a> {
    pub world: &'a World,
    team: &'a Team,
    description: Value,
    done: BTreeSet<String>,
}

impl<'a> Story<'a> {
    /// Nothing yet.
    pub fn of(world: &'a World, team: &'a Team) -> Story<'a> {
        let description = serde_json::to_value(control::description()).expect("plain values");
        Story { world, team, description, done: BTreeSet::new() }
    }

    /// Makes a change, and looks at its lines in the trail (`actions`, by name), at the key's version and at the answer.
    pub async fn does(
        &mut self,
        operation: &str,
        who: &Someone,
        ids: &[(&str, &str)],
        body: Value,
        actions: &str,
        gateways: Gateways,
    ) -> Value {
        let account = self.team.account.to_string();
        let (method, mut path) = self.route(operation);
        for (name, id) in ids.iter().copied().chain([("account", account.as_str())]) {
            path = path.replace(&format!("{{{name}}}"), id);
        }
        let key = ids.iter().find(|(name, _)| *name == "key").map(|(_, id)| *id);
        let (trail, version) = (self.trail().await, self.version(key).await);
        let carried = now().plus(CARRIED_IN);
        let body = (!body.is_null() || method == "POST").then_some(body);
        let answer = self.world.call(&method, &path, Some(&who.cookie), body).await;
        assert!(answer.status < 300, "{operation}: {} {}", answer.status, answer.body);
        let mut new: Vec<&'static str> =
            self.trail().await.iter().filter(|row| !trail.contains(row)).map(|(_, action)| *action).collect();
        new.sort_unstable();
        assert_eq!(new.join(" "), actions, "what {operation} leaves in the trail");
        let steps = u64::from(VERSIONED.contains(&operation));
        assert_eq!(self.version(key).await, version.map(|version| version + steps), "the version after {operation}");
        let moment = answer.body["effective_at"].as_str().map(|text| text.parse::<Timestamp>().expect("a moment"));
        let tells = moment.is_some_and(|moment| moment >= carried);
        assert_eq!(tells, gateways == Gateways::Know, "{operation} says from when gateways act on it: {}", answer.body);
        self.done.insert(operation.to_owned());
        answer.body
    }

    /// Every operation that changes something was done, or is `elsewhere`; none is both.
    pub fn is_whole(&self, elsewhere: &[&str]) {
        let all: BTreeSet<String> = self.operations().map(|(_, _, operation)| operation).collect();
        let told: Vec<String> = self.done.iter().cloned().chain(elsewhere.iter().map(ToString::to_string)).collect();
        assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), all, "tell of a new operation here");
        assert_eq!(told.len(), all.len(), "an operation stands in the story, or elsewhere");
    }

    /// A shared key of somebody's: its id.
    pub async fn shared_key(&self, who: &Someone) -> String {
        let keys = format!("/accounts/{}/keys", self.team.account);
        let asked = json!({ "name": "Shared", "environment": "Production", "sharing": "shared" });
        let made = self.world.call("POST", &keys, Some(&who.cookie), Some(asked)).await;
        made.body["key"]["id"].as_str().unwrap_or_else(|| panic!("{}", made.body)).to_owned()
    }

    /// Method, path and name of each operation that changes something.
    fn operations(&self) -> impl Iterator<Item = (String, String, String)> {
        let paths = self.description["paths"].as_object().expect("paths").iter();
        paths.flat_map(|(path, item)| {
            let of = |(method, operation): (&String, &Value)| {
                let name = operation["operationId"].as_str()?.to_owned();
                let changes = ["post", "put", "patch", "delete"].contains(&method.as_str());
                changes.then(|| (method.to_uppercase(), path.trim_start_matches("/api/v1").to_owned(), name))
            };
            item.as_object().expect("operations").iter().filter_map(of).collect::<Vec<_>>()
        })
    }

    fn route(&self, operation: &str) -> (String, String) {
        let found = self.operations().find(|(_, _, name)| name == operation);
        let (method, path, _) = found.unwrap_or_else(|| panic!("no operation {operation}"));
        (method, path)
    }

    /// All rows of the account's trail and of the operators', by id.
    async fn trail(&self) -> Vec<(String, &'static str)> {
        let mut rows = Vec::new();
        for whose in [Whose::Account(self.team.account), Whose::Operators] {
            let found = store::audit::list(&self.world.app.store, &Filter::all(whose, 1_000)).await.expect("the trail");
            rows.extend(found.into_iter().map(|row| (row.id.to_string(), row.action.as_str())));
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    async fn version(&self, key: Option<&str>) -> Option<u64> {
        let key = store::key::find(&self.world.app.store, key?.parse().expect("an id")).await.expect("an answer");
        key.map(|key| key.version)
    }
}
