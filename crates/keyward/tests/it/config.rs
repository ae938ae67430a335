//! `keyward check` and the files that it reads; the words for what is wrong are in `src/config/tests`.

use std::path::PathBuf;

use crate::terminal::Terminal;

#[test]
fn every_example_is_good() {
    let terminal = Terminal::on_sqlite();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut examples = std::fs::read_dir(&folder)
        .expect("the examples are there")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect::<Vec<_>>();
    examples.sort();
    assert!(examples.len() >= 3, "{examples:?}");
    for example in examples {
        let example = example.to_str().expect("a path in UTF-8");
        let out = terminal.done(&["check", "--config", example]);
        assert!(out.starts_with(&format!("{example}: good\n")), "{out}");
    }
}

#[test]
fn check_says_what_it_understood() {
    let terminal = Terminal::on_sqlite();
    terminal.edit("[api.football]", "[gateway]\nthreads = 3\n[api.football]");
    let expected = "\
keyward.toml: good
  store     SQLite in data
  gateway   127.0.0.1:8081, 3 threads
  control   127.0.0.1:8080
  mail      none: letters stay in the operator's outbox
  revoking  holds everywhere within 5 s
  api       football (rest) at /football · key in header:x-api-key · default plan pro
  api       eth (json-rpc) at /eth/v1/{network}/{key}, /eth/v1/{network} · key in path, header:x-api-key · networks eth/mainnet · default plan free
  plan      pro: 7500 requests per day · 300 requests per minute · 3 members
  plan      free: 300000000 credits per 30 days · 400 credits per second
  plan      slow: 100 credits per second
  plan      few: 10 requests per day · 2 keys
";
    assert_eq!(terminal.done(&["check"]), expected);
    assert!(!terminal.data().exists(), "check opens nothing");
    let json = serde_json::json!({
        "file": "keyward.toml", "apis": ["football", "eth"], "plans": ["pro", "free", "slow", "few"], "missing": []
    });
    assert_eq!(terminal.one(&["check"]), json);
}

#[test]
fn a_wrong_file_stops_every_command_with_all_that_is_wrong() {
    let terminal = Terminal::on_sqlite();
    terminal.edit("[api.football]", "treads = 3\n[api.football]");
    terminal.edit("max_keys = 2", "max_keys = \"two\"");
    let expected = "\
keyward.toml:2:1: treads: unknown setting
  hint: known here: data, database, revocation_bound, gateway, control, ops, mail, plan, api
keyward.toml:24:12: plan.few.max_keys: expected a whole number from 1 to 10000000, found \"two\"
";
    for command in [&["check"][..], &["account", "list"], &["audit"]] {
        let answer = terminal.run(command);
        assert_eq!((answer.code, answer.out.as_str(), answer.err.as_str()), (Some(1), "", expected), "{command:?}");
    }
    assert!(!terminal.data().exists());
}

#[test]
fn a_file_that_is_not_there_is_told_with_the_way_out() {
    let terminal = Terminal::on_sqlite();
    let answer = terminal.run(&["check", "--config", "other.toml"]);
    let expected = "\
other.toml: cannot be read: No such file or directory (os error 2)
  hint: name another file with --config FILE, or with the variable KEYWARD_CONFIG
";
    assert_eq!((answer.code, answer.err.as_str()), (Some(1), expected));
}
