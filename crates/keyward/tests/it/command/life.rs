//! From an account to a revoked key, and what each step leaves behind.

use domain::key::value::is_well_formed;
use serde_json::{Value, json};

use crate::terminal::Terminal;

const ADA: [&str; 7] = ["account", "create", "Acme", "--owner-name", "Ada", "--owner-email", "ada@example.com"];

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no text {name} in {value}"))
}

fn states(terminal: &Terminal, list: &[&str]) -> Vec<String> {
    terminal.json(list).iter().map(|item| text(item, "state").to_owned()).collect()
}

#[test]
fn an_account_from_its_first_seat_to_its_last_key() {
    for terminal in Terminal::on_both() {
        let account = terminal.one(&ADA);
        assert_eq!((text(&account, "name"), text(&account, "owner")), ("Acme", "ada@example.com"));
        let plans = account["subscriptions"].as_array().unwrap().iter();
        let plans = plans.map(|subscription| (text(subscription, "api"), text(subscription, "plan")));
        let mut plans = plans.collect::<Vec<_>>();
        plans.sort();
        assert_eq!(plans, [("eth", "free"), ("football", "pro")]);

        members(&terminal);
        let values = keys(&terminal);
        limits(&terminal);
        ends(&terminal);
        never_shown_again(&terminal, &values);
        assert_eq!(terminal.one(&["audit"])["clean"], json!(true));
    }
}

fn members(terminal: &Terminal) {
    let bob = terminal.one(&["member", "create", "Acme", "--name", "Bob", "--email", "Bob@Example.com"]);
    assert_eq!((text(&bob, "state"), text(&bob, "role")), ("pending", "member"));
    let steps = [("activate", "active"), ("suspend", "suspended"), ("activate", "active")];
    for (step, state) in steps {
        assert_eq!(text(&terminal.one(&["member", step, "bob@example.com"]), "state"), state);
    }
    let eve = terminal.one(&["member", "create", "Acme", "--name", "Eve", "--email", "eve@example.com", "--active"]);
    assert_eq!(text(&eve, "state"), "active");
    assert_eq!(states(terminal, &["member", "list", "Acme"]), ["active", "active", "active"]);
}

/// Makes an own key of Bob's and a shared one; returns the texts that were shown.
fn keys(terminal: &Terminal) -> Vec<String> {
    let mut texts = Vec::new();
    let own = ["key", "create", "Acme", "--name", "Backend", "--environment", "Production", "--holder", "Bob"];
    let own = terminal.one(&[&own[..], &["--api", "football", "--expires", "2099-01-01T00:00:00Z"]].concat());
    assert_eq!((text(&own, "sharing"), text(&own, "state")), ("own", "active"));
    assert_eq!(own["apis"], json!(["football"]));
    texts.push(text(&own, "value").to_owned());

    let shared = ["key", "create", "Acme", "--name", "Mobile", "--environment", "Development", "--shared"];
    texts.push(text(&terminal.one(&shared), "value").to_owned());
    let drawn = terminal.one(&["key", "value", "draw", "Mobile", "--member", "Eve"]);
    texts.push(text(&drawn, "value").to_owned());
    texts.push(terminal.done(&["key", "value", "draw", "Mobile", "--quiet"]).trim_end().to_owned());

    assert!(texts.iter().all(|text| is_well_formed(text.as_bytes())), "{texts:?}");
    let values = terminal.json(&["key", "value", "list", "Mobile"]);
    assert_eq!(values.len(), 3);
    let revoked = terminal.one(&["key", "value", "revoke", text(&values[0], "id")]);
    assert_eq!(text(&revoked, "state"), "revoked");
    assert_eq!(states(terminal, &["key", "value", "list", "Mobile"]), ["revoked", "active", "active"]);
    texts
}

fn limits(terminal: &Terminal) {
    let set = |owner: &[&str], limit: &[&str]| terminal.json(&[owner, limit].concat());
    let key = ["key", "limit", "Backend"];
    assert_eq!(set(&key, &["--requests", "10", "--per", "day"]).len(), 1);
    let two = set(&key, &["--credits", "5", "--per", "second"]);
    assert_eq!((&two[0]["kind"], &two[1]["kind"]), (&json!("quota"), &json!("rate")));
    assert_eq!(two[0]["limit"], json!(10));
    assert_eq!(set(&key, &["--requests", "20", "--per", "day"])[0]["limit"], json!(20));
    assert_eq!(set(&key, &["--credits", "off", "--per", "second"]).len(), 1);
    assert_eq!(set(&key, &["--requests", "off", "--per", "day"]).len(), 0);
    let member = ["member", "limit", "Bob"];
    let cap = set(&member, &["--credits", "1000", "--per", "30 days"]);
    assert_eq!((&cap[0]["scope"], &cap[0]["period"]), (&json!("member"), &json!("30 days")));
}

fn ends(terminal: &Terminal) {
    assert_eq!(text(&terminal.one(&["key", "disable", "Backend"]), "state"), "disabled");
    assert_eq!(text(&terminal.one(&["key", "enable", "Backend"]), "state"), "active");
    let removed = terminal.one(&["member", "remove", "Eve"]);
    assert_eq!(text(&removed, "state"), "removed");
    assert_eq!(states(terminal, &["key", "value", "list", "Mobile"]), ["revoked", "revoked", "active"]);
    let revoked = terminal.one(&["key", "revoke", "Backend"]);
    assert_eq!(text(&revoked, "state"), "revoked");
    assert_eq!(states(terminal, &["key", "list", "Acme"]), ["revoked", "active"]);
    assert_eq!(text(&terminal.one(&["account", "suspend", "Acme"]), "state"), "suspended");
    assert_eq!(text(&terminal.one(&["account", "activate", "Acme"]), "state"), "active");
}

/// P6: a value is shown once and stored as a hash only.
fn never_shown_again(terminal: &Terminal, values: &[String]) {
    let mut seen = String::new();
    for command in [&["account", "show", "Acme"][..], &["key", "list", "Acme"], &["key", "show", "Mobile"]] {
        seen.push_str(&terminal.done(command));
        terminal.json(command).iter().for_each(|item| seen.push_str(&item.to_string()));
    }
    if let Ok(folder) = std::fs::read_dir(terminal.data()) {
        for file in folder.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            seen.push_str(&String::from_utf8_lossy(&std::fs::read(file).unwrap()));
        }
    }
    for value in values {
        assert!(!seen.contains(value), "a value was shown or stored after it was drawn");
    }
}

#[test]
fn a_plan_is_assigned_and_a_changed_file_is_published() {
    for terminal in Terminal::on_both() {
        terminal.one(&[&ADA[..], &["--plan", "football=few"]].concat());
        let few = terminal.one(&["account", "show", "Acme"]);
        let football = |account: &Value| {
            let all = account["subscriptions"].as_array().unwrap().clone();
            all.into_iter().find(|subscription| subscription["api"] == "football").unwrap()
        };
        assert_eq!(football(&few)["quotas"][0]["limit"], json!(10));
        let before = football(&few)["quotas"][0]["id"].clone();

        terminal.edit("requests = 10, per", "requests = 12, per");
        let published = terminal.one(&["plan", "publish"]);
        assert_eq!(published, json!({ "version": 2, "changed": true, "subscriptions": 1 }));
        assert_eq!(terminal.one(&["plan", "publish"])["changed"], json!(false));
        let raised = football(&terminal.one(&["account", "show", "Acme"]));
        assert_eq!((&raised["quotas"][0]["limit"], &raised["quotas"][0]["id"]), (&json!(12), &before));

        assert_eq!(text(&terminal.one(&["plan", "assign", "Acme", "football=pro"]), "plan"), "pro");
        let pro = football(&terminal.one(&["account", "show", "Acme"]));
        assert_eq!((&pro["quotas"][0]["limit"], &pro["quotas"][0]["id"]), (&json!(7_500), &before));
        let few = terminal.json(&["plan", "list"]).into_iter().find(|plan| plan["name"] == "few").unwrap();
        assert_eq!((&few["max_keys"], &few["default_of"]), (&json!(2), &json!([])));
    }
}

#[test]
fn many_keys_are_made_at_once() {
    for terminal in Terminal::on_both() {
        terminal.one(&ADA);
        let many = ["key", "create", "Acme", "--name", "Load", "--environment", "Test", "--shared"];
        let out = terminal.done(&[&many[..], &["--count", "2500", "--quiet"]].concat());
        let values = out.lines().collect::<std::collections::HashSet<_>>();
        assert_eq!(values.len(), 2_500);
        assert!(values.iter().all(|value| is_well_formed(value.as_bytes())));
        let keys = terminal.json(&["key", "list", "Acme"]);
        let names = keys.iter().map(|key| text(key, "name")).collect::<std::collections::HashSet<_>>();
        assert!(names.len() == 2_500 && names.contains("Load 1") && names.contains("Load 2500"));
    }
}
