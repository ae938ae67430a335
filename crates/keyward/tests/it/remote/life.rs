//! Every remote command once: what it does there, and what it prints.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use serde_json::json;
use testbed::{counting::Counting, http};

use super::{ANSWER, Scene};

#[test]
fn every_command_does_what_it_says() {
    let upstream = Counting::start(Duration::ZERO);
    let scene = Scene::start(Some(upstream.url()));

    let create = ["account", "create", "Beta", "--owner-name", "Bea", "--owner-email", "bea@example.com"];
    let made = scene.one(&[&create[..], &["--plan", "rest=large"]].concat());
    assert_eq!((&made["name"], &made["owner"]["state"]), (&json!("Beta"), &json!("pending")));
    let plans: Vec<_> = made["subscriptions"].as_array().expect("a list").iter().map(|one| &one["plan"]).collect();
    assert!(plans.contains(&&json!("large")) && plans.contains(&&json!("team")), "{made}");

    assert_eq!(scene.json(&["account", "list"]).len(), 2);
    assert_eq!(scene.json(&["account", "list", "--limit", "1"])[0]["name"], "Beta", "the newest");
    let found = scene.table(&["account", "list", "--search", "bea@"]);
    assert!(found.starts_with("ID ") && found.contains("Bea <bea@example.com> (invited until "), "{found}");
    assert_eq!(found.lines().count(), 2, "{found}");

    let id = made["id"].as_str().expect("an id");
    assert_eq!(scene.one(&["account", "show", id])["id"], made["id"]);
    let again = scene.one(&["account", "invite", "Beta"]);
    assert!(again["owner"]["invited_until"].as_str() > made["owner"]["invited_until"].as_str(), "{again}");

    assert_eq!(scene.json(&["plan", "list"]).len(), 2);
    let plan = scene.table(&["plan", "show", "large"]);
    assert!(plan.contains("quota       2000000 requests per day\n") && plan.contains("accounts    1\n"), "{plan}");
    let assigned = scene.one(&["plan", "assign", "Acme", "rest=large"]);
    assert!(assigned["effective_at"].is_string(), "{assigned}");
    assert_eq!(scene.one(&["plan", "show", "large"])["accounts"], 2);

    let cup = ["--per", "day", "--reason", "cup final"];
    let add = [&["extra-units", "add", "Acme", "--api", "rest", "--requests", "5"][..], &cup].concat();
    assert_eq!(scene.one(&add)["account"]["extra_units"][0]["units"], 5);
    let given = scene.json(&["extra-units", "list", "Acme"]);
    assert_eq!((given.len(), &given[0]["reason"], &given[0]["granted_by"]), (1, &json!("cup final"), &json!("Olivia")));
    let shown = scene.table(&["account", "show", "Acme"]);
    assert!(shown.contains("of 2000005 requests per day, until "), "{shown}");
    assert!(shown.contains("extra units   5 requests per day for rest, until "), "{shown}");

    let call = || {
        let url = format!("{}/units", scene.world.rest_url());
        http::get(&url, &[("x-api-key", scene.world.value())], ANSWER).expect("an answer").status
    };
    assert_eq!(call(), 200);
    let suspended = scene.table(&["account", "suspend", "Acme", "--reason", "unpaid"]);
    assert_eq!(call(), 403, "it holds when the command ends");
    assert!(suspended.contains("state          suspended\n") && suspended.contains("in force from"), "{suspended}");
    assert_eq!(scene.one(&["account", "activate", "Acme"])["account"]["suspended_at"], json!(null));
    assert_eq!(call(), 200);

    let mails = scene.json(&["outbox", "list"]);
    let subjects: Vec<_> = mails.iter().filter_map(|mail| mail["subject"].as_str()).collect();
    assert!(subjects.contains(&"Acme is suspended") && subjects.contains(&"The operator invites you to Beta"));
    assert!(mails.iter().all(|mail| mail["text"].is_null()), "a program reads no letters");
    assert_eq!(scene.json(&["outbox", "list", "--limit", "2"]).len(), 2);
    let tried = scene.one(&["outbox", "retry", mails[0]["id"].as_str().expect("an id")]);
    assert_eq!(tried["id"], mails[0]["id"]);
    scene.world.stop();
}

#[test]
fn a_token_comes_from_a_file_too_and_needs_no_configuration() {
    let scene = Scene::start(None);
    let folder = scene.world.terminal.folder.path();
    let file = folder.join("token");
    fs::write(&file, format!("{}\n", scene.token)).expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode");
    fs::rename(folder.join("keyward.toml"), folder.join("elsewhere.toml")).expect("renamed");
    let list = ["remote", "plan", "list", "--server", scene.world.control_url(), "--token-file", "token"];
    assert!(scene.world.terminal.done(&list).contains("large"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("its mode");
    let refused = scene.world.terminal.run(&list);
    let told = "error: token has the mode 0644: others than you can read or change the access token\n";
    assert!(refused.code == Some(1) && refused.err.starts_with(told), "{refused:?}");
}
