//! What a remote command is refused, in which words and with which exit code; and that a broken connection does nothing twice.

use std::fs;

use domain::access_token::{AccessTokenText, ENTROPY};
use serde_json::{Value, json};
use testbed::ports;

use super::{
    Scene,
    front::{Front, Manner},
};

const SHOW: [&str; 3] = ["account", "show", "Acme"];

#[test]
fn who_may_not_is_told_why_and_what_to_do() {
    let scene = Scene::start(None);
    let unknown = AccessTokenText::draw([9; ENTROPY]).reveal().to_owned();
    let (ended, id) = scene.new_token(json!({ "name": "ended", "is_operator": true }));
    assert_eq!(scene.ask("DELETE", &format!("/access-tokens/{id}"), Value::Null).0, 204);
    let permissions = json!(["keys.view", "account.edit"]);
    let account = scene.team.account.to_string();
    let (other, _) = scene.new_token(json!({ "name": "ci", "account_id": account, "permissions": permissions }));
    let over =
        "error: This access token is unknown, was ended, or has expired. (401 wrong_token)\n  hint: Make another";
    for (what, token, code, told) in [
        ("unknown", unknown.as_str(), 1, over),
        ("ended", &ended, 1, over),
        (
            "not an operator's",
            &other,
            1,
            "error: There is no such page. (404 not_found)\n  hint: the access token is not",
        ),
        ("mistyped", "kwt_1", 1, "error: the variable KEYWARD_TOKEN holds no access token"),
    ] {
        let environment = [("KEYWARD_SERVER", scene.world.control_url()), ("KEYWARD_TOKEN", token)];
        let answer = scene.world.terminal.run_in(&environment, &[&["remote"][..], &SHOW].concat());
        assert_eq!((answer.code, answer.out.as_str()), (Some(code), ""), "{what}: {answer:?}");
        assert!(answer.err.starts_with(told) && !answer.err.contains(token), "{what}: {answer:?}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_field() {
    let scene = Scene::start(None);
    let add = |api: &'static str, units: &'static str, per: &'static str| {
        vec!["extra-units", "add", "Acme", "--api", api, "--requests", units, "--per", per, "--reason", "cup"]
    };
    let new = |email: &'static str, plan: &'static str| {
        vec!["account", "create", "New", "--owner-name", "N", "--owner-email", email, "--plan", plan]
    };
    for (arguments, code, told) in [
        (add("rest", "0", "day"), 1, "error: units: "),
        (
            add("rest", "5", "month"),
            1,
            "error: period: The plan has no such quota; there is: requests per day. (422 invalid_field)\n",
        ),
        (add("tennis", "5", "day"), 1, "error: api: No subscription to tennis. (422 invalid_field)\n"),
        (new("new@example.com", "rest=gold"), 1, "error: plans: There is no plan gold. (422 invalid_field)\n"),
        (
            vec!["account", "show", "Nobody"],
            1,
            "error: there is no account `Nobody`\n  hint: `keyward remote account list`",
        ),
        (vec!["account", "show", "acc_1"], 1, "error: There is no such account. (404 not_found)\n"),
        (vec!["account", "show", "../plans"], 1, "error: there is no account `../plans`\n"),
        (vec!["account", "activate", "Acme"], 1, "error: The account is active already. (409 refused)\n"),
        (vec!["plan", "show", "gold"], 1, "error: there is no plan `gold`\n"),
        (vec!["outbox", "retry", "mai_1"], 1, "error: There is no such mail. (404 not_found)\n"),
        (vec!["plan", "list", "--token", "kwt_1"], 2, "error: unexpected argument '--token' found\n"),
        (new("no address", "rest=large"), 2, "error: invalid value 'no address'"),
    ] {
        let answer = scene.run(&arguments);
        assert_eq!((answer.code, answer.out.as_str()), (Some(code), ""), "{arguments:?}: {answer:?}");
        assert!(answer.err.starts_with(told), "{arguments:?}: {answer:?}");
    }
    assert_eq!(scene.json(&["account", "list"]).len(), 1, "nothing of it was done");
}

#[test]
fn who_cannot_be_asked_is_named() {
    let scene = Scene::start(None);
    let (closed, page) = (format!("http://{}", ports::closed()), Front::start(Manner::Page));
    for (server, code, told) in [
        (closed.as_str(), 3, format!("error: {closed} cannot be reached: Connection refused")),
        (page.url(), 3, format!("error: {} answered 200 OK, and not as this version of Keyward does", page.url())),
        ("http://keys.example.com", 2, "error: over http:// the access token can be read on the way\n".to_owned()),
        ("keys.example.com", 2, "error: invalid value 'keys.example.com'".to_owned()),
    ] {
        let answer = scene.run_to(server, &SHOW);
        assert_eq!((answer.code, answer.out.as_str()), (Some(code), ""), "{server}: {answer:?}");
        assert!(answer.err.starts_with(&told), "{server}: {answer:?}");
    }
    let terminal = &scene.world.terminal;
    let list = ["remote", "plan", "list"];
    let nobody = terminal.run(&list);
    assert!(nobody.code == Some(2) && nobody.err.starts_with("error: no server is named\n"), "{nobody:?}");
    let without = terminal.run_in(&[("KEYWARD_SERVER", scene.world.control_url())], &list);
    assert!(without.code == Some(1) && without.err.starts_with("error: there is no access token\n"), "{without:?}");
}

#[test]
fn tls_is_trusted_by_its_certificate_only() {
    let scene = Scene::start(None);
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let file = scene.world.terminal.folder.path().join("authority.pem");
    fs::write(&file, made.cert.pem()).expect("written");
    let front = Front::start(Manner::Tls {
        to: scene.world.control_url().to_owned(),
        certificate: made.cert.der().clone(),
        key: made.signing_key.serialize_der(),
    });
    let (server, trusted) = (front.url(), file.to_str().expect("a path"));
    let list = ["remote", "plan", "list"];
    let environment = [("KEYWARD_SERVER", server), ("KEYWARD_TOKEN", scene.token.as_str())];
    let distrusted = scene.world.terminal.run_in(&environment, &list);
    assert_eq!(distrusted.code, Some(3), "{distrusted:?}");
    assert!(distrusted.err.contains("cannot be reached: invalid peer certificate"), "{distrusted:?}");
    assert_eq!(front.requests(), 0, "no token was sent");
    let trusting = [&environment[..], &[("SSL_CERT_FILE", trusted)]].concat();
    let answer = scene.world.terminal.run_in(&trusting, &list);
    assert_eq!((answer.code, front.requests()), (Some(0), 1), "{answer:?}");
}

#[test]
fn a_connection_that_breaks_before_the_answer_makes_nothing_twice() {
    let scene = Scene::start(None);
    let front = Front::start(Manner::Breaks { to: scene.world.control_url().to_owned(), answers: 1 });
    let create = ["account", "create", "Beta", "--owner-name", "Bea", "--owner-email", "bea@example.com", "--json"];
    let answer = scene.run_to(front.url(), &create);
    assert_eq!((answer.code, front.requests()), (Some(0), 2), "{answer:?}");
    assert_eq!(scene.json(&["account", "list", "--search", "Beta"]).len(), 1, "it was made once");
    let mute = Front::start(Manner::Breaks { to: scene.world.control_url().to_owned(), answers: 9 });
    let answer = scene
        .run_to(mute.url(), &["account", "create", "Gamma", "--owner-name", "G", "--owner-email", "g@example.com"]);
    assert_eq!(answer.code, Some(3));
    assert!(answer.err.contains("  hint: it may have been done: look before doing it again"), "{answer:?}");
    assert_eq!(scene.json(&["account", "list", "--search", "Gamma"]).len(), 1, "as it says");
}
