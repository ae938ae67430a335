//! The names in each JSON answer: programs rely on them.

use serde_json::Value;

use crate::terminal::Terminal;

fn names(value: &Value) -> String {
    let object = value.as_object().unwrap_or_else(|| panic!("not an object: {value}"));
    let mut names = object.keys().map(String::as_str).collect::<Vec<_>>();
    names.sort_unstable();
    names.join(" ")
}

#[test]
fn each_answer_has_these_names() {
    let terminal = Terminal::on_sqlite();
    let account =
        terminal.one(&["account", "create", "Acme", "--owner-name", "Ada", "--owner-email", "ada@example.com"]);
    let member = terminal.one(&["member", "create", "Acme", "--name", "Bob", "--email", "bob@example.com"]);
    let new_key = terminal.one(&["key", "create", "Acme", "--name", "Backend", "--environment", "Production"]);
    let limits = terminal.json(&["key", "limit", "Backend", "--requests", "5", "--per", "day"]);
    let rates = terminal.json(&["key", "limit", "Backend", "--requests", "5", "--per", "minute"]);
    let key = terminal.one(&["key", "show", "Backend"]);
    let drawn = terminal.one(&["key", "value", "draw", "Backend"]);

    let of_account = "created_at id keys members name owner state subscriptions suspended_at";
    let of_key =
        "account apis created_at disabled_at environment expires_at holder id name networks revoked_at sharing state";
    let of_value = "created_at expires_at id key mask member revoked_at state";
    let of_quota = "id leased limit metric period resets_at scope used";
    let with = |names: &str, more: &str| {
        let mut all = names.split(' ').chain(more.split(' ')).collect::<Vec<_>>();
        all.sort_unstable();
        all.join(" ")
    };
    let cases = [
        (&account, of_account.to_owned()),
        (&terminal.json(&["account", "list"])[0], of_account.to_owned()),
        (&account["subscriptions"][0], "api id plan quotas started_at".to_owned()),
        (&account["subscriptions"][0]["quotas"][0], of_quota.to_owned()),
        (&member, "account activated_at created_at email id name removed_at role state suspended_at".to_owned()),
        (&new_key, with(of_key, "value")),
        (&terminal.json(&["key", "list", "Acme"])[0], of_key.to_owned()),
        (&key, with(of_key, "quotas rates values")),
        (&key["values"][0], of_value.to_owned()),
        (&key["rates"][0], "limit metric per".to_owned()),
        (&drawn, with(of_value, "value")),
        (&limits[0], with(of_quota, "kind")),
        (&rates[1], "kind limit metric per".to_owned()),
        (&terminal.json(&["plan", "list"])[0], "default_of max_keys max_members name quotas rates title".to_owned()),
        (&terminal.one(&["plan", "assign", "Acme", "eth=free"]), "account api id plan started_at".to_owned()),
        (&terminal.one(&["plan", "publish"]), "changed subscriptions version".to_owned()),
        (&terminal.one(&["audit"]), "clean counters findings lowered rings rows".to_owned()),
    ];
    for (value, expected) in cases {
        assert_eq!(names(value), expected, "{value}");
    }
}

#[test]
fn tables_have_a_header_and_their_columns_in_line() {
    let terminal = Terminal::on_sqlite();
    terminal.done(&["account", "create", "Acme", "--owner-name", "Ada", "--owner-email", "ada@example.com"]);
    terminal.done(&["member", "create", "Acme", "--name", "Bob the longer", "--email", "bob@example.com"]);
    let table = terminal.done(&["member", "list", "Acme"]);
    let lines = table.lines().collect::<Vec<_>>();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["ID", "NAME", "EMAIL", "ROLE", "STATE", "CREATED"]);
    let column = lines[0].find("EMAIL").unwrap();
    assert_eq!((lines[1].find("ada@"), lines[2].find("bob@")), (Some(column), Some(column)), "{table}");
    assert!(lines[1].ends_with('Z') && lines[2].contains("  member  pending  "), "{table}");

    let plans = terminal.done(&["plan", "list"]);
    assert!(plans.contains("pro   Pro    7500 requests per day"), "{plans}");
    let account = terminal.done(&["account", "show", "Acme"]);
    assert!(
        account.contains("\nsubscription  football under plan pro\n  quota       0 of 7500 requests per day, until ")
    );
}
